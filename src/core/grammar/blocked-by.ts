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
export function blockedByOf(lines: readonly string[], headings: readonly Heading[], home: Home): BlockedBy {
  const sections = sectionsOf(lines, headings, TITLE);
  const namedBy = (text: readonly string[]) =>
    text.flatMap(line => referencesIn(line, home)).filter(({ isPartOf }) => !isPartOf);
  return {
    references: sections.filter(({ lines }) => !saysNothing(lines)).flatMap(({ lines }) => namedBy(lines)),
    denied: sections.filter(({ lines }) => saysNothing(lines)).flatMap(({ lines }) => namedBy(lines)),
    loose: namedBy(outside(lines, sections).filter(saysBlockedBy)),
  };
}

const TITLE = titled(/^blocked\s+by/i);

function outside(lines: readonly string[], sections: readonly Section[]): readonly string[] {
  const isInside = new Uint8Array(lines.length);
  for (const { start, end } of sections) isInside.fill(1, start, end);
  return lines.filter((_line, index) => !isInside[index]);
}

const saysBlockedBy = (line: string) => /^blocked\s+by\b/i.test(line.replace(/^[^\p{L}#]+/u, ''));
