/**
 * Whether the first word of a section, after bullets and emphasis, says that there is nothing: none, n/a,
 * nothing, nil or a dash. A bullet that is empty is a dash, unless the list goes on in the next line.
 */
export function saysNothing(section: readonly string[]): boolean {
  const first = section.findIndex(line => line.trim() !== '' && !RULE.test(line));
  if (first === -1) return false;
  const text = withoutBullets((section[first] as string).trim());
  if (text === '-') return !continuesList(section.slice(first + 1));
  return NOTHING.test(text);
}

const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;

const NOTHING = /^[\s*_`~([]*(?:(?:none|n\/a|nothing|nil)(?![\p{L}\p{N}])|[\u2012-\u2015]|--(?!-))/iu;

/** A line from the first thing that is no list marker, quote mark or check box; `-` when that was all. */
function withoutBullets(line: string): string {
  let text = line;
  for (;;) {
    const bullet = BULLET.exec(text)?.[0];
    if (bullet === undefined) return text;
    if (bullet.length === text.length) return bullet.startsWith('-') ? '-' : '';
    text = text.slice(bullet.length);
  }
}

const BULLET = /^(?:[-*+](?=\s|$)|\d{1,9}[.)](?=\s|$)|>|\[[ xX]\](?=\s|$))\s*/;

function continuesList(rest: readonly string[]): boolean {
  return BULLET.test((rest.find(line => line.trim() !== '') ?? '').trim());
}
