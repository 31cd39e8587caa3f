import { saysNothing } from './none-word.ts';
import { type Home, NO_REFERENCES, type Reference, referencesIn } from './references.ts';
import { type Outline, type Section, sectionsOf, titled } from './sections.ts';

/** What a body says of the issues that it waits for; an issue that is named twice is there twice. */
export interface BlockedBy {
  readonly references: readonly Reference[];
  /** Named in a section that says that there are none. */
  readonly denied: readonly Reference[];
  /** Named by a line such as `Blocked by #5` outside any such section. */
  readonly loose: readonly Reference[];
}

/** Reads the `Blocked by` sections of a body. */
export function blockedByOf(outline: Outline): BlockedBy {
  const sections = sectionsOf(outline, blockedByTitle);
  const named: (readonly Reference[])[] = [];
  const denied: (readonly Reference[])[] = [];
  for (const { text } of sections) (saysNothing(text) ? denied : named).push(blockersIn(text, outline.home));
  return { references: joined(named), denied: joined(denied), loose: looseIn(outline, sections) };
}

// There is hardly ever a second list, and a body is read for each of 100,000 issues.
const joined = (lists: readonly (readonly Reference[])[]) =>
  lists.length > 1 ? lists.flat() : (lists[0] ?? NO_REFERENCES);

/** What else stands on the heading's line, as in `Blocked by (optional)`, is not the section's first word. */
function blockedByTitle(heading: string, home: Home): string | null {
  const rest = BLOCKED_BY_TITLE(heading, home);
  if (rest === null || rest === '') return rest;
  return saysNothing(rest) || referencesIn(rest, home).length > 0 ? rest : '';
}

const BLOCKED_BY_TITLE = titled('blocked\\s+by');

/** A `Part of #7` trailer names the parent, wherever it stands. */
function blockersIn(text: string, home: Home): readonly Reference[] {
  const references = referencesIn(text, home);
  return references.some(({ isPartOf }) => isPartOf)
    ? references.filter(({ isPartOf }) => !isPartOf)
    : references;
}

/** One pass over the body: what lies in a section, and the rest of a line that was looked at, is jumped over. */
function looseIn({ body, home }: Outline, sections: readonly Section[]): readonly Reference[] {
  const loose: Reference[] = [];
  let next = 0;
  BLOCKED_BY.lastIndex = 0;
  while (BLOCKED_BY.test(body)) {
    const at = BLOCKED_BY.lastIndex;
    let covered = 0;
    for (let section = sections[next]; section && section.start <= at; section = sections[next]) {
      covered = Math.max(covered, section.end);
      next += 1;
    }
    if (covered > at) {
      BLOCKED_BY.lastIndex = covered;
      continue;
    }
    const start = body.lastIndexOf('\n', at) + 1;
    const lineEnd = body.indexOf('\n', at);
    const end = lineEnd === -1 ? body.length : lineEnd;
    if (!HAS_WORDS.test(body.slice(start, at))) loose.push(...blockersIn(body.slice(at, end), home));
    BLOCKED_BY.lastIndex = end;
  }
  return loose.length === 0 ? NO_REFERENCES : loose;
}

// Matches where the words start, so that no match has to be made to know the place.
const BLOCKED_BY = /(?=blocked[ \t]+by\b)/gi;
// Bullets and emphasis may stand before the words; a heading that says something else is no such line.
const HAS_WORDS = /[\p{L}#]/u;
