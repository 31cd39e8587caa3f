import { type Board, readBoard } from './board.ts';
import { decideOn } from './decide.ts';
import type { Hold } from './decision.ts';
import { changeOf, type Explanation, reportOf, type Standing } from './explain.ts';
import { evidenceOfStage } from './gate-evidence.ts';
import { dueStage, STAGE_GATES, type Stage } from './rules/stage.ts';
import { completeUnits, viewsOf } from './views.ts';
import type { World } from './world.ts';

/** Where a unit's own stage stands that is due: PLAN or PRD, which are no issues. */
export interface UnitStanding extends Standing {
  readonly unit: string;
  readonly repo: string;
}

/** The stage of each unit that is due, with what is done about it or what holds it. */
export function unitStandings(world: World): readonly UnitStanding[] {
  const board = poolOf(world);
  const { actions, holds } = decideOn(board);
  return board.units.flatMap((unit): readonly UnitStanding[] => {
    const { id, repo } = unit.unit;
    const stage = dueStage({ unit, board });
    if (stage === null) return [];
    const place = { name: nameOf(unit.unit), title: stage, kind: 'stage' as const, unit: id, repo };
    const isItsOwn = (fact: { readonly repo: string; readonly issue: number | null }) =>
      fact.repo === repo && fact.issue === null;
    const hold = holds.find(isItsOwn);
    if (hold) return [{ ...place, verdict: hold.code, reason: hold.reason, until: hold.until }];
    const action = actions.find(isItsOwn);
    return action ? [{ ...place, verdict: action.kind, reason: action.reason, until: null }] : [];
  });
}

/**
 * Explains the stage of a unit that is named by its id, or by its repository; null when no unit has that name. PLAN
 * and PRD are due or not; a unit where neither is says which stage its issues are in.
 */
export function explainUnit(world: World, name: string): Explanation | null {
  const board = poolOf(world);
  const view = viewsOf(board, completeUnits(board)).find(
    ({ unit: { unit } }) => unit.id === name || unit.repo.toLowerCase() === name.toLowerCase(),
  );
  if (!view) return null;
  const { unit } = view.unit;
  const { actions, holds, units } = decideOn(board);
  const isItsOwn = (fact: { readonly repo: string; readonly issue: number | null }) =>
    fact.repo === unit.repo && fact.issue === null;
  const stage = dueStage(view);
  const hold = holds.find(isItsOwn) ?? null;
  return {
    name: nameOf(unit),
    title: stage ?? units.find(({ id }) => id === unit.id)?.stage ?? 'IDLE',
    kind: 'stage',
    state: 'open',
    wanted: stage,
    actions: actions.filter(isItsOwn),
    hold,
    change: changeOf(world, { repo: unit.repo, issue: null }),
    gates: STAGE_GATES.map(({ code, question, check }) => {
      if (stage === null) {
        return { ...reportOf(code, question, { closed: null, evidence: null }), verdict: 'moot' as const };
      }
      const found = hold?.code === code ? without(stage, hold) : check(view, stage);
      return reportOf(code, question, {
        closed: found && [found.reason, found.until],
        evidence: evidenceOfStage(code, stage, view),
      });
    }),
    references: [],
  };
}

const poolOf = (world: World): Board => readBoard({ ...world, unit: null, lane: 'pool' });

const nameOf = ({ id, repo }: { readonly id: string; readonly repo: string }) => `${repo} (${id})`;

/** A hold of a stage says first which one it is; among its own gates that need not be said. */
const without = (stage: Stage, { reason, until }: Hold) => ({
  reason: reason.replace(`${stage}: `, ''),
  until,
});
