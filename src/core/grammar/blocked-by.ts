import { saysNothing } from './none-word.ts';
import { type Home, type Reference, referencesIn } from './references.ts';
import { type Heading, type Section, sectionsOf, titled } from './sections.ts';

/** What a body says of the issues that it waits for; an issue that is named twice is there twice. */
export interface BlockedBy {
  readonly references: readonly Reference[];
  /** Named in a section that says that there are none. */
  readonly denied: readonly Reference[];
  /** Named by a line such as `Blocked by #5` outside any such section. */
  readonly loose: readonly Reference[];
}

/** Reads the `Blocked by` sections of a body whose fences and comments are blanked out. */
export function blockedByOf(body: string, headings: readonly Heading[], home: Home): BlockedBy {
  const sections = sectionsOf(body, headings, TITLE);
  const references: Reference[] = [];
  const denied: Reference[] = [];
  for (const { text } of sections) (saysNothing(text) ? denied : references).push(...blockersIn(text, home));
  return { references, denied, loose: looseIn(body, sections, home) };
}

const TITLE = titled('blocked\\s+by');

/** A `Part of #7` trailer names the parent, wherever it stands. */
function blockersIn(text: string, home: Home): readonly Reference[] {
  const references = referencesIn(text, home);
  return references.some(({ isPartOf }) => isPartOf)
    ? references.filter(({ isPartOf }) => !isPartOf)
    : references;
}

/** One pass over the body: what lies in a section, and the rest of a line that was looked at, is jumped over. */
function looseIn(body: string, sections: readonly Section[], home: Home): readonly Reference[] {
  const loose: Reference[] = [];
  let next = 0;
  BLOCKED_BY.lastIndex = 0;
  for (let match = BLOCKED_BY.exec(body); match !== null; match = BLOCKED_BY.exec(body)) {
    const { index } = match;
    let covered = 0;
    for (let section = sections[next]; section && section.start <= index; section = sections[next]) {
      covered = Math.max(covered, section.end);
      next += 1;
    }
    if (covered > index) {
      BLOCKED_BY.lastIndex = covered;
      continue;
    }
    const start = body.lastIndexOf('\n', index) + 1;
    const lineEnd = body.indexOf('\n', index);
    const end = lineEnd === -1 ? body.length : lineEnd;
    if (!HAS_WORDS.test(body.slice(start, index))) loose.push(...blockersIn(body.slice(index, end), home));
    BLOCKED_BY.lastIndex = end;
  }
  return loose;
}

const BLOCKED_BY = /blocked[ \t]+by\b/gi;
// Bullets and emphasis may stand before the words; a heading that says something else is no such line.
const HAS_WORDS = /[\p{L}#]/u;
