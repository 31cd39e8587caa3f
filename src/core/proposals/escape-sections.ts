import { titled } from '../grammar/sections.ts';

/**
 * Makes headings of free text that the engine would read as its own (`## Blocked by` and the like) plain text.
 * What it misses is found when the rendered body is read back.
 */
export function escapeSections(text: string): string {
  return text.split('\n').map(escapeLine).join('\n');
}

function escapeLine(line: string, index: number, lines: readonly string[]): string {
  const heading = HEADING.exec(line);
  if (heading) return isReserved(heading[3] ?? '') ? `${heading[1]}\\${heading[2]} ${heading[3]}` : line;
  // An empty line between makes the text a paragraph and what underlines it a rule.
  const isUnderlined = UNDERLINE.test(lines[index + 1] ?? '');
  return isUnderlined && isReserved(line) ? `${line}\n` : line;
}

const HEADING = /^( {0,3})(#{1,6})[ \t]+(.*)$/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;

const RESERVED = titled(
  '(?:blocked[ \\t]+by|parent|scope|quality[ \\t]+bar|acceptance(?:[ \\t]+criteria)?|part[ \\t]+of)',
);

const isReserved = (title: string) => RESERVED(title.trim(), { repo: '', hosts: new Set() }) !== null;
