/**
 * What an adapter knows of the screen of its program in a terminal: the last resort, before the program has told of
 * anything by its events.
 */
export interface AgentScreen {
  /** What to press where a dialog is open that is known by its name; null: there is none. */
  answer(screen: string): DialogAnswer | null;
  /** What is in the field for prompts; null: no field is to be seen, or a prompt that it has taken. */
  field(screen: string): string | null;
}

/** One key on the way to the answer of a dialog. */
export interface DialogAnswer {
  readonly dialog: string;
  /** What is chosen in it. */
  readonly choice: string;
  /** The last one is Enter or Escape; before it, the screen is looked at again after each key. */
  readonly key: 'Up' | 'Down' | 'Enter' | 'Escape';
}

/**
 * The line of a screen that says most, for people: the first one of what is below its last rule, as dialogs have their
 * title, else the last one; no option to choose, no word about keys.
 */
export function tellingLine(screen: string): string {
  const lines = screen.split('\n').map(line => line.replaceAll(FRAME, ' ').trim());
  const rule = screen.split('\n').findLastIndex(line => RULE.test(line));
  const below = lines.slice(rule + 1).find(says);
  return ((rule === -1 ? null : below) ?? lines.findLast(says) ?? 'nothing').slice(0, LONGEST);
}

const says = (line: string) => /\p{L}{2}/u.test(line) && !OPTION.test(line) && !ABOUT_KEYS.test(line);

const RULE = /─{20,}/;
const FRAME = /[\u2500-\u259f]+/g;
const OPTION = /^(?:[❯›>]|(?:[❯›>]\s*)?\d+\.\s)/;
const ABOUT_KEYS = /\b(?:enter|esc|shift\+tab|ctrl\+\w) to\b|for shortcuts/i;
const LONGEST = 300;
