import { readBody } from '../grammar/body.ts';
import { criteriaOf } from '../grammar/criteria.ts';
import { type IssueKey, keyIn, keyMarker } from '../markers.ts';
import { BODY_CHARACTERS } from './limits.ts';
import type { TriageProposal } from './proposal.ts';
import { bullets, joined, numbered, prose } from './render.ts';

/** The part of a triage that becomes the text of the issue. */
export type Refined = Pick<TriageProposal, 'cause' | 'body' | 'acceptance' | 'scope'>;

/** What a body begins with that a triage has refined; `origin` names its attempt. */
export const triageKey = (number: number, origin: string): IssueKey => ({
  scope: `bug-${number}`,
  origin,
  key: 'triage',
});

/** Whether a body was refined by this very attempt. */
export function isRefinedBy(body: string, number: number, origin: string): boolean {
  const key = keyIn(body);
  return key?.scope === `bug-${number}` && key.origin === origin;
}

/**
 * A bug's refined body. The reporter's own words come last and as they are, so that what they name as blockers still
 * counts; a body that was refined before is refined from them again.
 */
export function triagedBody(
  { cause, body, acceptance, scope }: Refined,
  key: IssueKey,
  known: string,
): string {
  return joined([
    keyMarker(key),
    prose(body),
    '## Root cause',
    prose(cause),
    '## Acceptance',
    numbered(acceptance),
    ...(scope.length === 0 ? [] : ['## Scope', bullets(scope.map(path => `\`${path}\``))]),
    `${REPORTED}\n\n${reportedIn(known).trim()}`,
  ]);
}

// An agent's text can hold no such comment, so the first one is ours.
const REPORTED = '<!-- harness:reported -->\n## As reported';

/** The reporter's own words in a body, whether it was refined or not. */
export function reportedIn(body: string): string {
  const at = body.indexOf(REPORTED);
  return keyIn(body) === null || at < 0 ? body : body.slice(at + REPORTED.length);
}

/** Reads a refined body as the engine will: free text must not change what the typed fields say. */
export function triagedReadBack(refined: Refined, repo: string, known: string): readonly string[] {
  const key = triageKey(1, 'none');
  const length = triagedBody(refined, key, known).length;
  if (length > BODY_CHARACTERS) {
    return [`its texts and the report have ${length} characters together; at most ${BODY_CHARACTERS} fit`];
  }
  // A criterion at the end is seen only when nothing before it, an open code fence for example, hides it.
  const body = triagedBody(refined, key, '## Acceptance\n\n- the last\n');
  const { blockedBy, parent, scope } = readBody({ body, state: 'open' }, { repo, hosts: new Set() });
  const isAsMeant =
    criteriaOf({ title: '', body }).length === refined.acceptance.length + 1 &&
    scope.length === refined.scope.length &&
    blockedBy.references.length + blockedBy.denied.length + blockedBy.loose.length === 0 &&
    parent.kind === 'unsaid' &&
    parent.trailer === null;
  return isAsMeant
    ? []
    : ['its text changes how the issue is read; close code fences, and name paths in `scope`'];
}
