import { decide } from '../../src/core/decide.ts';
import type { Action, HoldCode } from '../../src/core/decision.ts';
import type { World } from '../../src/core/world.ts';
import { REPO } from './world.ts';

const ENGINE: ReadonlySet<Action['kind']> = new Set([
  'LAND',
  'RELEASE',
  'TAKE_OVER',
  'REAP',
  'CUT_OFF',
  'CODE_REVIEW',
  'MIRROR',
  'UNREVIEW',
  'ARCHIVE',
]);

const named = ({ kind, repo, issue }: Action) =>
  issue === null ? kind : `${kind} ${repo === REPO ? '' : `${repo}#`}${issue}`;

/** What starts or closes something, in order: `IMPL 5`, `PLAN`, `FIX acme/b#7`. */
export function dispatches(world: World): readonly string[] {
  return decide(world)
    .actions.filter(({ kind }) => !ENGINE.has(kind))
    .map(named);
}

/** What the engine does by itself, in order: `RELEASE 5`. */
export function repairs(world: World): readonly string[] {
  return decide(world)
    .actions.filter(({ kind }) => ENGINE.has(kind))
    .map(named);
}

/** The code of each hold by issue number; the unit's own hold is `unit`. */
export function holds(world: World): Readonly<Record<string, HoldCode>> {
  return Object.fromEntries(decide(world).holds.map(({ issue, code }) => [issue ?? 'unit', code]));
}

/** The unsatisfied references that hold an issue; null when it is not held. */
export function blockersOf(world: World, issue: number): readonly string[] | null {
  return decide(world).holds.find(hold => hold.issue === issue)?.blockers ?? null;
}

/** Codes of the findings with their members: `self-block 5`. */
export function findings(world: World): readonly string[] {
  return decide(world).findings.map(({ code, issues }) => `${code} ${issues.join(' ')}`);
}

/** Ids of the units that are complete, and of those that a worker may take. */
export function complete(world: World): readonly string[] {
  return decide(world).units.flatMap(unit => (unit.complete ? unit.id : []));
}

export function claimable(world: World): readonly string[] {
  return decide(world).units.flatMap(unit => (unit.claimable ? unit.id : []));
}
