import { saysNothing } from './none-word.ts';
import { type Home, type Reference, referencesIn } from './references.ts';
import { type Heading, sectionsOf, type Title, titled } from './sections.ts';

/** What a body says of the issue that it is a part of. */
export type ParentText =
  | { readonly kind: 'named'; readonly reference: Reference }
  /** It says that there is no parent, or something that names none. */
  | { readonly kind: 'none' }
  /** It has no such section, or an empty one: GitHub's own parent counts, else the trailer `Part of #7`. */
  | { readonly kind: 'unsaid'; readonly trailer: Reference | null };

/** Reads the `Parent` sections of a body whose fences and comments are blanked out. */
export function parentOf(lines: readonly string[], headings: readonly Heading[], home: Home): ParentText {
  const sections = sectionsOf(lines, headings, parentTitle(home)).map(section => section.lines);
  const isSaid = sections.some(section =>
    section.some(line => line.trim() !== '' && !NO_RESPONSE.test(line)),
  );
  if (!isSaid) return { kind: 'unsaid', trailer: trailerOf(lines, home) };
  const reference = sections
    .filter(section => !saysNothing(section))
    .flatMap(section => section.flatMap(line => referencesIn(line, home)))
    .at(0);
  return reference ? { kind: 'named', reference } : { kind: 'none' };
}

/** `Parent`, `Parent: #7`, `Parent PRD`; not `Parent process handling`, which is about something else. */
function parentTitle(home: Home): Title {
  return heading => {
    const rest = PARENT(heading);
    if (rest === null || rest === '') return rest;
    const means = /^parent[\s*_`~]*:/i.test(heading.replace(/^[^\p{L}]+/u, '')) || saysNothing([rest]);
    return means || referencesIn(rest, home).length > 0 || NOUN.test(rest) ? rest.replace(NOUN, '') : null;
  };
}

const PARENT = titled(/^parent/i);
const NOUN = /^(?:prd|issue|epic|ticket)(?![\p{L}\p{N}#])[\s*_`~:]*/iu;

// What GitHub's issue forms write for a field that was left empty.
const NO_RESPONSE = /^\s*_no response_\s*$/i;

function trailerOf(lines: readonly string[], home: Home): Reference | null {
  for (const line of lines) {
    if (!PART_OF.test(line)) continue;
    const named = referencesIn(line, home).find(({ isPartOf }) => isPartOf);
    if (named) return named;
  }
  return null;
}

const PART_OF = /part\s+of/i;
