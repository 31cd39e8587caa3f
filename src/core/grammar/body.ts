import { type BlockedBy, blockedByOf } from './blocked-by.ts';
import { visibleText } from './markdown.ts';
import { type ParentText, parentOf } from './parent.ts';
import { type Home, NO_REFERENCES } from './references.ts';
import { scopeOf } from './scope.ts';
import { headingsOf } from './sections.ts';

/** What an issue's body says to the engine. */
export interface BodyText {
  readonly blockedBy: BlockedBy;
  readonly parent: ParentText;
  /** Declared paths, each as its segments. */
  readonly scope: readonly (readonly string[])[];
}

/** Reads a body. Never throws, and takes time in proportion to the body's length whatever it holds. */
export function readBody(body: string, home: Home): BodyText {
  if (!SAYS_SOMETHING.test(body)) return SILENT;
  const text = visibleText(body);
  const headings = headingsOf(text);
  return {
    blockedBy: blockedByOf(text, headings, home),
    parent: parentOf(text, headings, home),
    scope: scopeOf(text, headings),
  };
}

// Most bodies hold none of these words. Looking for them first is what keeps 100,000 issues quick.
const SAYS_SOMETHING = /blocked\s+by|parent|part[ \t]+of|scope/i;

const SILENT: BodyText = {
  blockedBy: { references: NO_REFERENCES, denied: NO_REFERENCES, loose: NO_REFERENCES },
  parent: { kind: 'unsaid', trailer: null },
  scope: [],
};
