import { type Board, readBoard, type UnitBoard } from './board.ts';
import type { Decision, UnitDecision } from './decision.ts';
import { findingsOf } from './findings/findings.ts';
import { dispatchBugs, takeFirst } from './rules/bug-lane.ts';
import { byIssue } from './rules/holds.ts';
import { dispatchPool } from './rules/pool.ts';
import { repairsOf } from './rules/repairs.ts';
import { stageInView } from './rules/stage.ts';
import { completeUnits, viewsOf } from './views.ts';
import type { World } from './world.ts';

/**
 * What a tick does, and why it does nothing else. Pure: the same world gives the same decision, in whatever
 * order it lists its issues. Throws `config-invalid` for settings or targets that nothing can be decided with.
 */
export function decide(world: World): Decision {
  return decideOn(readBoard(world));
}

/** The same for a board that was read already. */
export function decideOn(board: Board): Decision {
  const complete = completeUnits(board);
  const views = viewsOf(board, complete);
  const repairs = views.flatMap(repairsOf);
  const pool = views.map(dispatchPool);
  const bugs = board.world.lane === 'bugs' ? dispatchBugs(views) : NOTHING;
  const actions = [...repairs, ...pool.flatMap(unit => unit.actions), ...bugs.actions];
  const holds = [...pool.flatMap(unit => [...unit.holds].sort(byIssue)), ...bugs.holds];
  return {
    actions,
    holds,
    units: board.units.map(unit => unitDecisionOf(unit, board, complete)),
    findings: findingsOf(board, views, { actions, holds }),
  };
}

/**
 * What a worker does that drives both lanes: all that the pool does, and before it the bug lane's own repairs and the
 * first of its bugs, since the lane has one slot.
 */
export function decideLanes(world: World): Decision {
  const board = readBoard({ ...world, lane: 'pool' });
  const pool = decideOn(board);
  const lane: Board = { ...board, world: { ...board.world, lane: 'bugs' } };
  const views = viewsOf(lane, completeUnits(lane));
  const bugs = takeFirst(dispatchBugs(views), views);
  return {
    ...pool,
    actions: [...views.flatMap(repairsOf), ...bugs.actions, ...pool.actions],
    holds: [...pool.holds, ...bugs.holds],
  };
}

const NOTHING = { actions: [], holds: [] } as const;

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
