/** A part of a body under one heading. */
export interface Section {
  /** What stands on the heading's own line, and the lines up to the section's end. */
  readonly text: string;
  /** Where the heading starts and the section ends in the body. */
  readonly start: number;
  readonly end: number;
}

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
  /** Where it starts, and where its last line ends. */
  readonly start: number;
  readonly end: number;
}

/** What of a heading's text follows the words that a section is known by; null when it says something else. */
export type Title = (heading: string) => string | null;

/**
 * The headings of a body with line feeds only: `#` to `######` with up to three spaces of indent, and single
 * lines underlined by `==` or `--`. An underlined line that names issues is no heading: `#5` above a rule is
 * a reference.
 */
export function headingsOf(body: string): readonly Heading[] {
  const headings: Heading[] = [];
  let hasUnderline = false;
  for (let start = 0; start < body.length; ) {
    const lineFeed = body.indexOf('\n', start);
    const end = lineFeed === -1 ? body.length : lineFeed;
    const first = firstLetter(body, start);
    if (body[first] === '#') headings.push(...markedAt(body, { start, first, end }));
    else if (body[first] === body[first + 1]) hasUnderline ||= body[first] === '-' || body[first] === '=';
    start = end + 1;
  }
  return hasUnderline ? [...headings, ...underlinedIn(body)].sort((a, b) => a.start - b.start) : headings;
}

/** Where a line's text starts, after three spaces at most. */
function firstLetter(body: string, start: number): number {
  let at = start;
  while (at < start + 3 && body[at] === ' ') at += 1;
  return at;
}

function markedAt(
  body: string,
  { start, first, end }: { readonly start: number; readonly first: number; readonly end: number },
): readonly Heading[] {
  let after = first;
  while (body[after] === '#') after += 1;
  const isSpaced = after === end || body[after] === ' ' || body[after] === '\t';
  if (after - first > 6 || !isSpaced) return [];
  return [{ level: after - first, text: withoutClosingMarks(body.slice(after, end).trim()), start, end }];
}

const UNDERLINED = /(?<=^|\n[ \t]*\n) {0,3}([^\s#>|*+-].*)\n {0,3}(={2,}|-{2,})[ \t]*(?![^\n])/g;

function withoutClosingMarks(text: string): string {
  if (!text.endsWith('#')) return text;
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  const isClosed = end === 0 || text[end - 1] === ' ' || text[end - 1] === '\t';
  return isClosed ? text.slice(0, end).trimEnd() : text;
}

function underlinedIn(body: string): readonly Heading[] {
  return [...body.matchAll(UNDERLINED)]
    .map(({ 0: lines, 1: text = '', 2: underline = '', index }) => ({
      level: underline.startsWith('=') ? 1 : 2,
      text: text.trim(),
      start: index,
      end: index + lines.length,
    }))
    .filter(
      ({ text }) => !/^\d+[.)]\s/.test(text) && (!/#\d|\/\d|gh-\d/i.test(text) || /^blocked\s/i.test(text)),
    );
}

/** Every section under a heading that `title` knows, up to the next heading of the same or a higher level. */
export function sectionsOf(body: string, headings: readonly Heading[], title: Title): readonly Section[] {
  const sections: Section[] = [];
  headings.forEach((heading, index) => {
    const rest = title(heading.text);
    if (rest === null) return;
    const end = endOfSection(headings, index) ?? body.length;
    const below = body.slice(heading.end, end);
    sections.push({ text: rest === '' ? below : rest + below, start: heading.start, end });
  });
  return sections;
}

function endOfSection(headings: readonly Heading[], index: number): number | undefined {
  const level = headings[index]?.level ?? 0;
  let next = index + 1;
  while ((headings[next]?.level ?? 0) > level) next += 1;
  return headings[next]?.start;
}

/**
 * Recognises headings that start with these words, in any case, perhaps emphasised or after a symbol, with an
 * optional colon. `words` is the source of a pattern and begins with a letter.
 */
export function titled(words: string): Title {
  const pattern = new RegExp(`[^\\p{L}\\p{N}#]*${words}(?![\\p{L}\\p{N}])[\\s*_~\`:]*`, 'iuy');
  const [initial = ''] = words;
  return heading => {
    // Most headings say something else, and the pattern is slow to find that out.
    const [first = ''] = heading;
    if (/[a-z]/i.test(first) && first.toLowerCase() !== initial) return null;
    pattern.lastIndex = 0;
    return pattern.test(heading) ? heading.slice(pattern.lastIndex) : null;
  };
}
