import { readBody } from '../grammar/body.ts';
import { criteriaOf, itemsOf } from '../grammar/criteria.ts';
import { contestTasksOf, MOST_TASKS } from '../grammar/quality-bar.ts';
import { BODY_CHARACTERS } from './limits.ts';
import type { ProposedChild, ProposedPrd } from './proposal.ts';
import { type Draft, type Place, referencesOf, renderChild, renderPrd } from './render.ts';

/**
 * Reads a child's body as the engine will read it: whatever free text does to it (a code fence that is never
 * closed, a heading that was not seen), it must say exactly what was proposed in typed fields.
 */
export function childReadBack(
  child: ProposedChild,
  { repo: own, parent }: Pick<Place, 'repo' | 'parent'>,
  homes: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const repo = homes.get(child.key) ?? own;
  const isAway = repo.toLowerCase() !== own.toLowerCase();
  const rendered = {
    ...pretended(own, homes),
    repo,
    parent: isAway ? null : parent,
    wantedBy: isAway && parent !== null ? `${own}#${parent}` : null,
  };
  const draft = renderChild(child, rendered);
  return differences(child.key, draft, {
    ...rendered,
    blockedBy: child.blockedBy,
    criteria: child.acceptance.length,
    scope: child.scope.length,
  });
}

/** The same for a PRD. */
export function prdReadBack(
  prd: ProposedPrd,
  { repo: own }: Pick<Place, 'repo'>,
  homes: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const repo = homes.get(prd.key) ?? own;
  const rendered = { ...pretended(own, homes), repo, parent: null, wantedBy: null };
  const draft = renderPrd(prd, rendered);
  return [
    ...differences(prd.key, draft, {
      ...rendered,
      blockedBy: prd.blockedBy,
      criteria: prd.criteria.length,
      scope: 0,
    }),
    ...qualityBarProblems(prd, draft),
  ];
}

/** A heading or a code fence in it would leave some of what is to be compared out, or all. */
function qualityBarProblems({ key, qualityBar }: ProposedPrd, draft: Draft): readonly string[] {
  if (qualityBar === undefined) return [];
  const items = itemsOf(qualityBar).slice(0, MOST_TASKS);
  const tasks = contestTasksOf(draft) ?? [];
  const isAsMeant =
    tasks.length === (items.length || 1) && items.every((item, at) => tasks[at]?.text === item);
  return isAsMeant
    ? []
    : [`${key}: its quality bar is cut short by a heading or a code fence, or names nothing to compare`];
}

// Nothing is created yet, so that keys have no numbers: one that no issue has stands for them all.
const pretended = (own: string, homes: ReadonlyMap<string, string>) => ({
  proposedIn: own,
  key: { scope: 'none', origin: 'none', key: 'none' },
  issueOf: (key: string) => ({ repo: homes.get(key) ?? own, number: Number.MAX_SAFE_INTEGER }),
});

interface Expected extends Pick<Place, 'repo' | 'proposedIn' | 'parent' | 'issueOf'> {
  readonly blockedBy: readonly string[];
  readonly criteria: number;
  readonly scope: number;
}

function differences(where: string, { title, body }: Draft, expected: Expected): readonly string[] {
  if (body.length > BODY_CHARACTERS) {
    return [`${where}: its texts have ${body.length} characters together; at most ${BODY_CHARACTERS} fit`];
  }
  const { repo, parent } = expected;
  const read = readBody({ body, state: 'open' }, { repo, hosts: new Set() });
  const said = read.parent.kind === 'named' ? read.parent.reference.number : null;
  const blockers = new Set(read.blockedBy.references.map(one => `${one.repo}#${one.number}`));
  const meant = new Set(
    referencesOf(expected.blockedBy, expected).map(name => (name.startsWith('#') ? `${repo}${name}` : name)),
  );
  const isAsMeant =
    said === parent &&
    blockers.size === meant.size &&
    [...meant].every(name => blockers.has(name)) &&
    read.blockedBy.loose.length === 0 &&
    read.scope.length === expected.scope &&
    criteriaOf({ title, body }).length === expected.criteria;
  return isAsMeant
    ? []
    : [
        `${where}: its text changes how the issue is read; close code fences, and name blockers and paths in their fields`,
      ];
}
