import { CODE, isBlank, isLetter } from './letters.ts';
import type { Home } from './references.ts';

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

/** A body whose fences and comments are blanked out, with its headings. */
export interface Outline {
  readonly body: string;
  readonly headings: readonly Heading[];
  readonly home: Home;
}

/** What of a heading's text follows the words that a section is known by; null when it says something else. */
export type Title = (heading: string, home: Home) => string | null;

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
    const code = body.charCodeAt(first);
    if (code === CODE.hash) {
      const heading = headingAt(body, { start, first, end });
      if (heading) headings.push(heading);
    } else if (code === CODE.hyphen || code === CODE.equals)
      hasUnderline ||= body.charCodeAt(first + 1) === code;
    start = end + 1;
  }
  return hasUnderline ? [...headings, ...underlinedIn(body)].sort((a, b) => a.start - b.start) : headings;
}

/** Where a line's text starts, after three spaces at most. */
function firstLetter(body: string, start: number): number {
  let at = start;
  while (at < start + 3 && body.charCodeAt(at) === CODE.space) at += 1;
  return at;
}

interface Line {
  readonly start: number;
  /** Its first `#`. */
  readonly first: number;
  readonly end: number;
}

function headingAt(body: string, { start, first, end }: Line): Heading | null {
  let after = first;
  while (body.charCodeAt(after) === CODE.hash) after += 1;
  const level = after - first;
  if (level > 6 || (after < end && !isBlank(body.charCodeAt(after)))) return null;
  return { level, text: withoutClosingMarks(body.slice(after, end).trim()), start, end };
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
export function sectionsOf({ body, headings, home }: Outline, title: Title): readonly Section[] {
  let sections = NO_SECTIONS;
  for (let index = 0; index < headings.length; index += 1) {
    const heading = headings[index] as Heading;
    const rest = title(heading.text, home);
    if (rest === null) continue;
    const end = endOfSection(headings, index) ?? body.length;
    const below = body.slice(heading.end, end);
    if (sections === NO_SECTIONS) sections = [];
    sections.push({ text: rest === '' ? below : rest + below, start: heading.start, end });
  }
  return sections;
}

const NO_SECTIONS: Section[] = [];

function endOfSection(headings: readonly Heading[], index: number): number | undefined {
  const level = headings[index]?.level ?? 0;
  let next = index + 1;
  while ((headings[next]?.level ?? 0) > level) next += 1;
  return headings[next]?.start;
}

/**
 * Recognises headings that start with these words, in any case, perhaps emphasised or after a symbol, with an
 * optional colon. `words` is the source of a pattern.
 */
export function titled(words: string): Title {
  const pattern = new RegExp(words, 'iy');
  return heading => {
    pattern.lastIndex = isLetter(heading.charCodeAt(0)) ? 0 : Math.max(0, heading.search(FIRST_LETTER));
    if (!pattern.test(heading)) return null;
    let end = pattern.lastIndex;
    if (end === heading.length) return '';
    if (IS_LETTER.test(heading.slice(end, end + 2))) return null;
    while (end < heading.length && ' \t*_`~:'.includes(heading[end] as string)) end += 1;
    return heading.slice(end);
  };
}

const FIRST_LETTER = /[\p{L}\p{N}#]/u;
const IS_LETTER = /^[\p{L}\p{N}]/u;
