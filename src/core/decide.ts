import { HarnessError } from '../errors.ts';
import { type Board, readBoard, type UnitBoard } from './board.ts';
import type { Decision, UnitDecision } from './decision.ts';
import { findingsOf } from './findings/findings.ts';
import { dispatchBugs } from './rules/bug-lane.ts';
import { isComplete } from './rules/completeness.ts';
import type { UnitView } from './rules/gate.ts';
import { byIssue } from './rules/holds.ts';
import { dispatchPool } from './rules/pool.ts';
import { repairsOf } from './rules/repairs.ts';
import { scopesInFlight } from './rules/scopes-in-flight.ts';
import { stageInView } from './rules/stage.ts';
import { incompleteDepsOf } from './rules/stops.ts';
import type { World } from './world.ts';

/**
 * What a tick does, and why it does nothing else. Pure: the same world gives the same decision, in whatever
 * order it lists things. Throws `config-invalid` for settings or targets that nothing can be decided with.
 */
export function decide(world: World): Decision {
  const board = readBoard(world);
  const complete = completeUnits(board);
  const views = viewsOf(board, complete);
  const repairs = views.flatMap(repairsOf);
  const pool = views.map(dispatchPool);
  const lane = world.lane === 'bugs' ? dispatchBugs(views) : NOTHING;
  const actions = [...repairs, ...pool.flatMap(unit => unit.actions), ...lane.actions];
  const holds = [...pool.flatMap(unit => [...unit.holds].sort(byIssue)), ...lane.holds];
  return {
    actions,
    holds,
    units: board.units.map(unit => unitDecisionOf(unit, board, complete)),
    findings: findingsOf(board, views, { actions, holds }),
  };
}

const NOTHING = { actions: [], holds: [] } as const;

/** Ids of the units whose work is done. */
export function completeUnits(board: Board): ReadonlySet<string> {
  const { HARNESS_MODE: mode } = board.settings;
  const { specHash } = board.world;
  return new Set(board.units.filter(unit => isComplete(unit, { mode, specHash })).map(({ unit }) => unit.id));
}

/** The units that are decided for: all, or the one that the world names. Throws `world-invalid` when it is none. */
export function viewsOf(board: Board, complete: ReadonlySet<string>): readonly UnitView[] {
  const { unit: only, host } = board.world;
  const units = board.units.filter(({ unit }) => only === null || unit.id === only);
  if (only !== null && units.length === 0) {
    const ids = board.units.map(({ unit }) => unit.id).join(', ');
    throw new HarnessError(
      'world-invalid',
      `unit: there is no unit ${JSON.stringify(only)}; the units are ${ids}.`,
    );
  }
  return units.map(unit => ({
    board,
    unit,
    incompleteDeps: incompleteDepsOf(unit, { completeUnits: complete, claims: host.claims }),
    scopesInFlight: scopesInFlight(unit, board),
  }));
}

function unitDecisionOf(unit: UnitBoard, board: Board, complete: ReadonlySet<string>): UnitDecision {
  const { id, repo, deps } = unit.unit;
  const isDone = complete.has(id);
  const isTaken = board.world.host.claims.includes(id);
  return {
    id,
    repo,
    stage: isDone ? 'COMPLETE' : stageInView({ unit, board }),
    complete: isDone,
    claimable: unit.isFresh && !isDone && !isTaken && deps.every(dep => complete.has(dep)),
  };
}
