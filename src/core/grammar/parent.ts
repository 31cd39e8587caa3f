import { saysNothing } from './none-word.ts';
import { type Home, type Reference, referencesIn } from './references.ts';
import { type Outline, sectionsOf, titled } from './sections.ts';

/** What a body says of the issue that it is a part of. */
export type ParentText =
  | { readonly kind: 'named'; readonly reference: Reference }
  /** It says that there is no parent, or something that names none. */
  | { readonly kind: 'none' }
  /** It has no such section, or an empty one: GitHub's own parent counts, else the trailer `Part of #7`. */
  | { readonly kind: 'unsaid'; readonly trailer: Reference | null };

/** Reads the `Parent` sections of a body. */
export function parentOf(outline: Outline): ParentText {
  let isSaid = false;
  for (const { text } of sectionsOf(outline, parentTitle)) {
    if (EMPTY.test(text)) continue;
    isSaid = true;
    const reference = saysNothing(text) ? undefined : referencesIn(text, outline.home)[0];
    if (reference) return { kind: 'named', reference };
  }
  return isSaid ? NO_PARENT : { kind: 'unsaid', trailer: trailerOf(outline) };
}

const NO_PARENT: ParentText = { kind: 'none' };

const EMPTY = /^\s*(?:_no response_\s*)*$/i;

/** `Parent`, `Parent: #7`, `Parent PRD`; not `Parent process handling`, which is about something else. */
function parentTitle(heading: string, home: Home): string | null {
  const said = PARENT(heading, home);
  if (said === null || said === '') return said;
  const rest = said.replace(NOUN, '');
  const isMeant =
    rest === '' || HAS_COLON.test(heading) || saysNothing(rest) || referencesIn(rest, home).length > 0;
  return isMeant ? rest : null;
}

const PARENT = titled('parent');
const NOUN = /^(?:prd|issue|epic|ticket)(?![\p{L}\p{N}#])[\s*_`~:]*/iu;
const HAS_COLON = /^[^\p{L}\p{N}#]*parent[\s*_`~]*(?:(?:prd|issue|epic|ticket)[\s*_`~]*)?:/iu;

function trailerOf({ body, home }: Outline): Reference | null {
  if (!PART_OF.test(body)) return null;
  return referencesIn(body, home).find(({ isPartOf }) => isPartOf) ?? null;
}

const PART_OF = /part[ \t]+of/i;
