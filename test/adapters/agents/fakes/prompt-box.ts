/**
 * A program in a terminal that takes prompts as Claude Code does, as a model: what it draws, and what keys do to it.
 * It loses what a `Mood` says.
 */
export interface Mood {
  /** Time in which it draws nothing. */
  readonly slowMs: number;
  /** Dialogs before its first prompt: the options, and where the cursor is. */
  readonly dialogs: readonly {
    readonly title: string;
    readonly options: readonly string[];
    readonly cursor: number;
  }[];
  /** What becomes of the prompt that it was started with: taken, left in the field, or lost. */
  readonly prompt: 'taken' | 'kept' | 'lost';
  readonly lostEnters: number;
  readonly lostPastes: number;
  /** Time from the Enter to the event that acknowledges the prompt. */
  readonly hookMs: number;
}

export interface PromptBox {
  screen(now: number): string;
  press(key: string, now: number): void;
  paste(text: string, now: number): void;
  /** Prompts that it has taken by now; each of them once. */
  submitted(now: number): readonly string[];
  /** What was chosen in its dialogs. */
  readonly chosen: readonly string[];
  /** Why it is of no use any more: something was typed where it must not be. */
  readonly spoilt: readonly string[];
}

export function createPromptBox(mood: Mood, prompt: string): PromptBox {
  const chosen: string[] = [];
  const spoilt: string[] = [];
  const ready: string[] = mood.prompt === 'taken' ? [prompt] : [];
  let field = mood.prompt === 'kept' ? prompt : '';
  let cursor = mood.dialogs[0]?.cursor ?? 0;
  let { lostEnters, lostPastes } = mood;
  const dialogNow = () => mood.dialogs[chosen.length];
  const choose = (option: string) => {
    chosen.push(option);
    cursor = dialogNow()?.cursor ?? 0;
  };
  return {
    chosen,
    spoilt,
    screen: now => {
      if (now < mood.slowMs) return '';
      const dialog = dialogNow();
      if (dialog === undefined) return [RULE, `❯ ${wrap(field)}`, RULE, '  ? for shortcuts'].join('\n');
      const options = dialog.options.map((option, index) => `  ${index === cursor ? '❯' : ' '} ${option}`);
      return [RULE, `  ${dialog.title}`, ...options, '', '  Enter to confirm · Esc to cancel'].join('\n');
    },
    press: (key, now) => {
      const dialog = dialogNow();
      if (now < mood.slowMs) spoilt.push(`${key} before it drew anything`);
      else if (dialog === undefined) {
        if (key !== 'Enter') spoilt.push(`${key} in the field`);
        else if (lostEnters > 0) lostEnters -= 1;
        else if (field !== '') {
          ready.push(field);
          field = '';
        }
      } else if (key === 'Down') cursor = Math.min(cursor + 1, dialog.options.length - 1);
      else if (key === 'Up') cursor = Math.max(cursor - 1, 0);
      else choose(key === 'Enter' ? (dialog.options[cursor] ?? '') : key);
    },
    paste: (text, now) => {
      if (now < mood.slowMs || dialogNow() !== undefined) spoilt.push('pasted where there is no field');
      else if (lostPastes > 0) lostPastes -= 1;
      else field += text;
    },
    submitted: now => (now < mood.slowMs || dialogNow() !== undefined ? [] : ready),
  };
}

const RULE = '─'.repeat(80);

const wrap = (text: string) => text.replaceAll(/(.{70})/g, '$1\n  ');
