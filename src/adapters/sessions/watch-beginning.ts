import type { AgentScreen } from '../agents/screen.ts';
import type { Pane } from './pane.ts';
import { watchForStall } from './stall-watch.ts';

/** Sees a program in a terminal through to its first prompt, which it acknowledges by an event. */
export interface BeginningWatch {
  /** It told of something. */
  sign(): void;
  /** Looks at the clock and the screen; true: it has not begun in time. Not to be called once it has. */
  isOverdue(): boolean;
}

/** What a watch goes by. Times are milliseconds. */
export interface BeginningRules {
  readonly now: () => number;
  /** Silence in which it should have begun. */
  readonly beginMs: number;
  readonly showsLife: () => boolean;
  /** null: its screen is looked at in vain. */
  readonly screen: AgentScreen | null;
  readonly pane: Pane | null;
  /** The prompt that it was started with, and one line that says the same. */
  readonly prompt: { readonly text: string; readonly line: string };
  /** Tells people what was done. */
  readonly tell: (line: string) => void;
}

/**
 * Dialogs that are known are answered. A prompt that is not taken is given again, as a line that names its file, and
 * only where the field for it is to be seen: a key in a dialog that nobody knows may mean anything. Should the
 * program have taken the first one after all, our hook refuses the second.
 */
export function watchBeginning(rules: BeginningRules): BeginningWatch {
  const { now, beginMs, showsLife, screen, pane, prompt, tell } = rules;
  const stall = watchForStall({ now, stallMs: beginMs, showsLife, nudge: () => false });
  const patienceMs = beginMs / REPEATS;
  let lookedAt = now();
  let quietSince = now();
  let lastField: string | null = null;
  let wasPasted = false;
  const isOurs = (field: string) =>
    field.startsWith('[Pasted text') || [prompt.text, prompt.line].some(text => beginAlike(field, text));

  const look = (shown: string, agent: AgentScreen, { press, paste }: Pane) => {
    const answer = agent.answer(shown);
    if (answer !== null) {
      press(answer.key);
      if (answer.key === 'Enter' || answer.key === 'Escape') tell(`${answer.dialog}: ${answer.choice}`);
      return;
    }
    const field = agent.field(shown);
    if (field !== lastField) quietSince = now();
    lastField = field;
    const isPatient = now() - quietSince < patienceMs;
    if (field === null) return;
    if (isOurs(field)) {
      // What was pasted a moment ago needs its Enter; what the program itself has put there gets time.
      if (wasPasted || !isPatient) press('Enter');
      return;
    }
    // Anything else is what a person types.
    if (field !== '' || isPatient) return;
    tell('It has not taken its prompt, so it is given once more');
    paste(prompt.line);
    wasPasted = true;
    quietSince = now();
  };
  return {
    sign: () => {
      quietSince = now();
      stall.sign();
    },
    isOverdue: () => {
      if (stall.isStalled(false)) return true;
      if (screen !== null && pane !== null && now() - lookedAt >= Math.min(LOOK_MS, patienceMs / 2)) {
        lookedAt = now();
        look(pane.read(), screen, pane);
      }
      return false;
    },
  };
}

/** How often a prompt could be given again in the time that a program has to begin. */
const REPEATS = 12;

/** A look starts a program of tmux. */
const LOOK_MS = 500;

/** A field breaks lines where it likes, and may not show the end of a long text. */
function beginAlike(field: string, text: string): boolean {
  const beginningOf = (whole: string) => whole.replaceAll(/\s+/g, '').slice(0, 30);
  return beginningOf(field) === beginningOf(text);
}
