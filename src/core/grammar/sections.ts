import { indentOf } from './markdown.ts';

/** A part of a body under one heading. */
export interface Section {
  /** Its text; the first line is what stands on the heading's own line. */
  readonly lines: readonly string[];
  /** Indices of its first line and of the line after its last in the body. */
  readonly start: number;
  readonly end: number;
}

/** What of a heading's text follows the words that a section is known by; null when it says something else. */
export type Title = (heading: string) => string | null;

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
  /** Indices of its first and last line. */
  readonly line: number;
  readonly end: number;
}

/**
 * The headings of a body: `#` to `######` with up to three spaces of indent, and single lines underlined by
 * `===` or `---`. A line that names issues is no heading when it is only underlined: `#5` above a rule is a
 * reference.
 */
export function headingsOf(lines: readonly string[]): readonly Heading[] {
  const headings: Heading[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    const start = indentOf(line);
    if (start.column > 3) continue;
    const text = line.slice(start.offset);
    const level = ATX.exec(text)?.[1]?.length;
    if (level !== undefined) {
      headings.push({ level, text: withoutClosingMarks(text.slice(level)), line: index, end: index });
    } else if (isUnderlined(lines, index)) {
      headings.push({
        level: lines[index + 1]?.includes('=') ? 1 : 2,
        text: text.trim(),
        line: index,
        end: index + 1,
      });
    }
  }
  return headings;
}

const ATX = /^(#{1,6})(?=[ \t]|$)/;
const UNDERLINE = /^ {0,3}(?:={2,}|-{2,})[ \t]*$/;

function withoutClosingMarks(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (trimmed[end - 1] === '#') end -= 1;
  const isClosed = end === 0 || trimmed[end - 1] === ' ' || trimmed[end - 1] === '\t';
  return isClosed ? trimmed.slice(0, end).trimEnd() : trimmed;
}

function isUnderlined(lines: readonly string[], index: number): boolean {
  const underline = lines[index + 1];
  if (underline === undefined || !UNDERLINE.test(underline)) return false;
  if ((lines[index - 1] ?? '').trim() !== '') return false;
  const text = (lines[index] as string).trim();
  if (text === '' || /^(?:[-*+>|]|\d+[.)]\s)/.test(text)) return false;
  return !/#\d|\/\d|gh-\d/i.test(text) || /^\W*blocked\s+by\b/i.test(text);
}

/** Every section under a heading that `title` knows, up to the next heading of the same or a higher level. */
export function sectionsOf(
  lines: readonly string[],
  headings: readonly Heading[],
  title: Title,
): readonly Section[] {
  return headings.flatMap((heading, index) => {
    const rest = title(heading.text);
    if (rest === null) return [];
    const end = endOfSection(headings, index) ?? lines.length;
    return [{ lines: [rest, ...lines.slice(heading.end + 1, end)], start: heading.line, end }];
  });
}

function endOfSection(headings: readonly Heading[], index: number): number | undefined {
  const level = headings[index]?.level ?? 0;
  let next = index + 1;
  while ((headings[next]?.level ?? 0) > level) next += 1;
  return headings[next]?.line;
}

/**
 * Recognises headings that start with these words, in any case, perhaps emphasised or after a symbol, with an
 * optional colon. `words` is matched against the rest of the heading from its first letter.
 */
export function titled(words: RegExp): Title {
  return heading => {
    const text = heading.replace(/^[^\p{L}\p{N}#]+/u, '');
    const said = words.exec(text)?.[0];
    if (said === undefined || /^[\p{L}\p{N}]/u.test(text.slice(said.length))) return null;
    return text.slice(said.length).replace(/^[\s*_`~:]+/, '');
  };
}
