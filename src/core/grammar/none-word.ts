/**
 * Whether the first word of a section, after bullets and emphasis, says that there is nothing: none, n/a,
 * nothing, nil or a dash. A bullet that is empty is a dash, unless the list goes on in the next line.
 */
export function saysNothing(section: string): boolean {
  if (STARTS_OTHERWISE.test(section)) return false;
  const [first, second] = firstLines(section);
  const text = withoutBullets(first);
  if (text === '-') return !BULLET.test(second);
  return NOTHING.test(text);
}

// Most sections begin with a reference, perhaps in a list: one look tells that they are not empty.
const STARTS_OTHERWISE = /^\s*(?:[-*+][ \t]+)?[#a-mo-z]/i;

const NOTHING = /^[\s*_`~([]*(?:(?:none|n\/a|nothing|nil)(?![\p{L}\p{N}])|[\u2012-\u2015]|--(?!-))/iu;

/** The first two lines that hold something, trimmed; rules across the page are nothing. */
function firstLines(section: string): readonly [string, string] {
  const lines: string[] = [];
  for (const { 0: line } of section.matchAll(/[^\n]+/g)) {
    const text = line.trim();
    if (text === '' || RULE.test(text)) continue;
    lines.push(text);
    if (lines.length === 2) break;
  }
  return [lines[0] ?? '', lines[1] ?? ''];
}

const RULE = /^(?:-{3,}|\*{3,}|_{3,})$/;

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
