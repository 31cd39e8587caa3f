import { HarnessError } from '../../errors.ts';

/**
 * Splits a command line into words as a shell would, without being one: single and double quotes group,
 * a backslash takes the next character as it is (inside double quotes only before `"`, `\`, `$` and `` ` ``).
 * `setting` names where the line is from. Throws `config-invalid` when a quote is left open.
 */
export function splitWords(setting: string, line: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let rest = line;
  while (rest !== '') {
    const [token = '', blank, single, double, escaped, plain] = TOKEN.exec(rest) ?? [];
    if (token === '') {
      throw new HarnessError(
        'config-invalid',
        `${setting} has a quote or backslash that leads nowhere: ${rest}`,
      );
    }
    rest = rest.slice(token.length);
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const piece = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
    word = (word ?? '') + piece;
  }
  if (word !== null) words.push(word);
  return words;
}

const TOKEN = /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+))/s;

/** One word for a shell, whatever is in it. */
export function quoteWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
