import type { UnitBoard } from '../board.ts';
import { criteriaOf } from '../grammar/criteria.ts';
import { keyIn } from '../markers.ts';
import { planScope } from '../plan-line.ts';
import type { Stage } from '../rules/stage.ts';
import { childProblems, sizeProblems, titlesTwice } from './check-children.ts';
import { homeProblems, homesOf, type Neighbours, unitsIn } from './check-homes.ts';
import { prdProblems } from './check-prds.ts';
import { orderProblems, type Surroundings } from './graph.ts';
import type { Limits } from './limits.ts';
import type { AdditionsProposal, ProposedAddition, ProposedPrd } from './proposal.ts';
import { childReadBack, prdReadBack } from './read-back.ts';
import { blockerOf } from './references.ts';

/** What additions are judged against. */
export interface AdditionsMeasure {
  readonly unit: UnitBoard;
  readonly neighbours: Neighbours;
  readonly limits: Limits;
  /** The plan that new PRDs belong to; null for none. */
  readonly plan: string | null;
  /** The stage of the unit that is to come before its own PRDs are there; null when none is. */
  readonly due: Stage | null;
  /** What is there, for an issue of this PRD, or of none. */
  readonly aroundOf: (parent: number | null) => Surroundings;
  /** Whether somebody holds an issue right now. */
  readonly isHeld: (number: number) => boolean;
}

/** Everything that is wrong with additions; nothing of them is made real unless the list is empty. */
export function additionsProblems(proposal: AdditionsProposal, measure: AdditionsMeasure): readonly string[] {
  const { prds, issues } = proposal;
  const all = [...prds, ...issues];
  const { unit, neighbours, limits, aroundOf } = measure;
  const homeOf = (id: string | undefined) =>
    neighbours.all.find(one => id !== undefined && one.unit.id === id) ?? unit;
  if (all.length === 0) return ['it adds nothing'];
  if (all.length > limits.issues) {
    return [`it proposes ${all.length} issues; at most ${limits.issues} are taken (HARNESS_MAX_ISSUES)`];
  }
  const problems = [
    ...(prds.some(prd => prd.unit === undefined) ? tooEarly(measure.due) : []),
    ...prds.flatMap(prdProblems),
    ...issues.flatMap(issue => issueProblems(issue, proposal, measure)),
    ...titlesTwice(all),
    ...all.flatMap(one => titleTaken(one.key, one.title, homeOf(one.unit))),
    ...homeProblems<ProposedPrd | ProposedAddition>(
      all,
      neighbours,
      one => 'parent' in one && one.parent !== null,
    ),
    ...orderProblems(all, aroundOf(null)),
    ...issues.flatMap(issue => waitsForParent(issue, aroundOf(issue.parent))),
    ...keysTaken(proposal, measure),
    ...reopenProblems(proposal, measure),
  ];
  if (problems.length > 0) return problems;
  const homes = homesOf(all, unitsIn(neighbours), unit.unit.repo);
  return [
    ...prds.flatMap(prd => prdReadBack(prd, aroundOf(null), homes)),
    ...issues.flatMap(({ parent, ...issue }) => childReadBack(issue, aroundOf(parent), homes)),
  ];
}

/** A unit that has a PRD is taken to be planned: one that is added before its own would take their place. */
export const tooEarly = (due: Stage | null): readonly string[] =>
  due === null ? [] : [`the unit is at ${due}: PRDs can be added once those of its plan are filed`];

function issueProblems(
  issue: ProposedAddition,
  { reopen }: AdditionsProposal,
  { unit, isHeld }: AdditionsMeasure,
): readonly string[] {
  const { parent } = issue;
  const prd = parent === null ? null : (unit.prds.find(one => one.issue.number === parent) ?? null);
  const ids = new Set(prd === null ? [] : criteriaOf(prd.issue).map(({ id }) => id));
  const where = issue.key.slice(0, 60);
  return [
    ...childProblems(issue, ids),
    ...sizeProblems(issue),
    ...(parent !== null && prd === null ? [`${where}: #${parent} is no PRD of ${unit.unit.repo}`] : []),
    ...(prd !== null && !prd.isOpen && !reopen.includes(prd.issue.number)
      ? [`${where}: its PRD #${parent} is closed; name it in "reopen"`]
      : []),
    ...(prd !== null && isHeld(prd.issue.number)
      ? [`${where}: its PRD #${parent} is being worked on right now; add to it when that has ended`]
      : []),
  ];
}

/** To wait for its own PRD, or for what waits for that, would never end. */
function waitsForParent(
  { key, parent, blockedBy }: ProposedAddition,
  { repo, waitsForParent: waits }: Surroundings,
): readonly string[] {
  return blockedBy.flatMap(text => {
    const blocker = blockerOf(text, repo);
    if (parent === null || blocker.kind !== 'issue') return [];
    const isOwn = blocker.repo.toLowerCase() === repo.toLowerCase();
    const isCircle = (isOwn && blocker.number === parent) || waits(blocker.repo, blocker.number);
    return isCircle ? [`${key} waits for ${text}, which waits for its PRD #${parent}`] : [];
  });
}

function reopenProblems(
  { reopen, issues }: AdditionsProposal,
  { unit, isHeld }: AdditionsMeasure,
): readonly string[] {
  return reopen.flatMap((number, index) => {
    const prd = unit.prds.find(({ issue }) => issue.number === number);
    const name = `reopen: #${number}`;
    if (reopen.indexOf(number) !== index) return [`${name} is named twice`];
    if (!prd) return [`${name} is no PRD of ${unit.unit.repo}`];
    if (prd.isOpen) return [`${name} is open`];
    if (isHeld(number)) return [`${name} is being worked on right now`];
    if (unit.issuesOf(number).some(({ isOpen }) => isOpen)) return [`${name} has an issue that is open`];
    return issues.some(({ parent }) => parent === number) ? [] : [`${name}, but nothing is added to it`];
  });
}

/** An open issue of the same title, whoever wrote it. */
export function titleTaken(
  where: string,
  title: string,
  { repo }: Pick<UnitBoard, 'repo'>,
): readonly string[] {
  const wanted = titleKey(title);
  const same = repo.issues.find(issue => issue.state === 'open' && titleKey(issue.title) === wanted);
  return same ? [`${where.slice(0, 60)}: #${same.number} has this title and is open`] : [];
}

const titleKey = (title: string) => title.trim().replaceAll(/\s+/g, ' ').toLowerCase();

function keysTaken({ prds, issues }: AdditionsProposal, { unit, plan }: AdditionsMeasure): readonly string[] {
  const taken = new Map(
    unit.issues.flatMap(({ issue }) => {
      const key = keyIn(issue.body);
      return key && issue.state === 'open' ? [[`${key.scope}/${key.key}`, issue.number] as const] : [];
    }),
  );
  const wanted = [
    ...prds.map(({ key }) => ({ key, scope: planScope(plan) })),
    ...issues.map(({ key, parent }) => ({ key, scope: additionScope(parent) })),
  ];
  return wanted.flatMap(({ key, scope }) => {
    const number = taken.get(`${scope}/${key}`);
    return number === undefined ? [] : [`the key "${key}" is that of #${number}, which is open`];
  });
}

/** The scope of an added issue's key. */
export const additionScope = (parent: number | null) => (parent === null ? 'unit' : String(parent));
