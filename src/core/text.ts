/** Makes text of an agent or an issue safe for a title that the engine writes: one line, no mentions, no keywords. */
export function neutraliseLine(text: string, limit = 200): string {
  const line = neutralise(text).replaceAll(/\s+/g, ' ').trim();
  return cutTo(line, limit);
}

/**
 * Makes text of an agent safe to publish: no control characters, no mention that notifies anybody, no
 * closing keyword that would close an issue, no reference that shows up elsewhere, no comment that could pass for a marker of the engine.
 */
export function neutralise(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(CONTROL, '')
    .replaceAll('<!--', '&lt;!--')
    .replaceAll(/@(?=[A-Za-z0-9])/g, '@\u200b')
    .replaceAll(CLOSING_KEYWORD, (_all, word: string, reference: string) => `${word}\u200b ${reference}`)
    .replaceAll(FOREIGN_REFERENCE, (_all, where: string, number: string) => `${where}\u200b${number}`)
    .replaceAll(SKIP_TOKEN, '[$1\u200b $2]');
}

/** Cuts text to a number of code points, with an ellipsis where something is missing. */
export function cutTo(text: string, limit: number): string {
  const points = [...text];
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

// https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
const CLOSING_KEYWORD =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+((?:[\w.-]+\/[\w.-]+)?#\d+|https?:\/\/\S+)/gi;

// It would show up in the other repository, or as an issue of this one that nobody meant.
// https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
const FOREIGN_REFERENCE =
  /((?<![\w./-])[\w.-]+\/[\w.-]+#|\bGH-|\bgithub\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull|discussions)\/)(\d+)/gi;

// https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs
const SKIP_TOKEN = /\[(skip|no|ci|actions) (ci|skip|actions?)\]/gi;

/** A text as a pattern that matches it literally. */
export const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
