import { HarnessError } from '../errors.ts';

/** One `KEY=VALUE` of a configuration file. */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Reads the lines of a configuration file; nothing in it is ever executed or expanded. Accepted are
 * `KEY=VALUE`, `export KEY=VALUE` and the `: "${KEY:=VALUE}"` lines of older installations. `where` names
 * the file in the error. Throws `config-invalid` for the first line that is none of these.
 */
export function parseConfigText(text: string, where: string): readonly ConfigEntry[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .flatMap((content, index) => {
      const entry = parseLine(content.trim(), problem => {
        throw new HarnessError('config-invalid', `${where}:${index + 1}: ${problem}`);
      });
      return entry === null ? [] : [{ ...entry, line: index + 1 }];
    });
}

type Refuse = (problem: string) => never;

const CONTROL_CHARACTER = /(?!\t)\p{Cc}/u;
const NAME = '[A-Za-z_][A-Za-z0-9_]*';
// Flag s: to a regular expression the separators U+2028 and U+2029 end a line, to a file they don't.
const ASSIGNMENT = new RegExp(`^(?:export\\s+)?(${NAME})=(.*)$`, 's');
const QUOTED_DEFAULT = new RegExp(`^:\\s+"\\$\\{(${NAME}):?=(.*?)\\}"(?:\\s+#.*)?$`, 's');
const BARE_DEFAULT = new RegExp(`^:\\s+\\$\\{(${NAME}):?=(.*?)\\}(?:\\s+#.*)?$`, 's');

function parseLine(line: string, refuse: Refuse): { key: string; value: string } | null {
  if (line === '' || line.startsWith('#')) return null;
  if (CONTROL_CHARACTER.test(line)) refuse('expected text, found a control character.');

  const quoted = QUOTED_DEFAULT.exec(line);
  if (quoted?.[1] !== undefined) return { key: quoted[1], value: unescapeQuoted(quoted[2] ?? '') };

  const [, key, rest] = BARE_DEFAULT.exec(line) ?? ASSIGNMENT.exec(line) ?? [];
  if (key === undefined || rest === undefined) {
    return refuse(`expected KEY=VALUE (no spaces around =), found ${JSON.stringify(line.slice(0, 60))}.`);
  }
  return { key, value: parseValue(rest, refuse) };
}

function parseValue(text: string, refuse: Refuse): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") {
    if (/^\s+[^\s#]/.test(text)) refuse('expected the value right after =.');
    return text.replace(/\s#.*$/s, '').trim();
  }

  const pattern = quote === '"' ? /^"((?:[^"\\]|\\.)*)"(.*)$/s : /^'([^']*)'(.*)$/s;
  const [, inner, rest] = pattern.exec(text) ?? [];
  if (inner === undefined || rest === undefined) {
    return refuse(`expected a closing ${quote} at the end of the value; a value is one line.`);
  }
  if (rest !== '' && !/^\s+#|^\s+$/.test(rest)) {
    refuse(
      `expected nothing but a comment after the closing ${quote}, found ${JSON.stringify(rest.trim())}.`,
    );
  }
  return quote === '"' ? unescapeQuoted(inner) : inner;
}

const unescapeQuoted = (text: string) => text.replace(/\\(["\\$`])/g, '$1');

/** The text that `parseConfigText` (and a shell) reads as this value. Throws `config-invalid` for a line break. */
export function quoteValue(value: string): string {
  if (CONTROL_CHARACTER.test(value)) {
    throw new HarnessError('config-invalid', `A value is one line of text, got ${JSON.stringify(value)}.`);
  }
  return /^[\w./:@%+,=-]*$/.test(value) ? value : `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}
