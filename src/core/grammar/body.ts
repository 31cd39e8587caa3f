import type { Issue } from '../world.ts';
import { type BlockedBy, blockedByOf } from './blocked-by.ts';
import { visibleText } from './markdown.ts';
import { type ParentText, parentOf } from './parent.ts';
import { type Home, NO_REFERENCES } from './references.ts';
import { NO_SCOPE, type Scope, scopeOf } from './scope.ts';
import { headingsOf } from './sections.ts';

/** What an issue's body says to the engine. */
export interface BodyText {
  readonly blockedBy: BlockedBy;
  readonly parent: ParentText;
  /** Declared paths, each as its segments. */
  readonly scope: Scope;
}

/**
 * Reads an issue's body. Never throws, and takes time in proportion to the body's length whatever it holds.
 * What a closed issue waits for, or declared, matters no more and is not looked at.
 */
export function readBody({ body, state }: Pick<Issue, 'body' | 'state'>, home: Home): BodyText {
  if (!SAYS_SOMETHING.test(body)) return SILENT;
  const text = visibleText(body);
  const outline = { body: text, headings: headingsOf(text), home };
  const parent = parentOf(outline);
  if (state === 'closed') return { blockedBy: SILENT.blockedBy, parent, scope: NO_SCOPE };
  return { blockedBy: blockedByOf(outline), parent, scope: scopeOf(outline) };
}

// Most bodies hold none of these words. Looking for them first is what keeps 100,000 issues quick.
const SAYS_SOMETHING = /blocked\s+by|parent|part[ \t]+of|scope/i;

/** A body that says nothing. */
export const SILENT: BodyText = {
  blockedBy: { references: NO_REFERENCES, denied: NO_REFERENCES, loose: NO_REFERENCES },
  parent: { kind: 'unsaid', trailer: null },
  scope: NO_SCOPE,
};
