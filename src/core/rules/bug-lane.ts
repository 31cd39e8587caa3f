import type { BoardIssue } from '../board-issue.ts';
import type { Action, Hold } from '../decision.ts';
import { type Obstacle, obstacle, type UnitView } from './gate.ts';
import { firstObstacle } from './gates.ts';
import { type Dispatch, holdOf } from './holds.ts';
import { isOfBugLane } from './slots.ts';
import { stageAtWork } from './stage.ts';
import { wantedOn } from './wanted.ts';

/**
 * The bug lane's part of a decision, over all units: every bug that could be worked on, in order. The lane
 * takes the first, for it has one slot over the whole fleet.
 */
export function dispatchBugs(views: readonly UnitView[]): Dispatch {
  const holds: Hold[] = [];
  const fixes: Action[] = [];
  const triages: Action[] = [];
  for (const view of views) {
    const closed = laneObstacle(view);
    for (const issue of view.unit.bugs) {
      if (!issue.isOpen) continue;
      const wanted = wantedOn(issue, view.unit, view.board);
      const held =
        firstObstacle({ issue, wanted }, view) ?? (closed && { code: 'no-slot' as const, ...closed });
      if (held) holds.push(holdOf(issue, held));
      else if (wanted === 'FIX')
        fixes.push(actionOn(issue, wanted, 'the bug is triaged, and nothing blocks it'));
      else triages.push(actionOn(issue, 'TRIAGE', 'a bug that is not triaged yet, and nothing blocks it'));
    }
  }
  return { actions: [...fixes, ...triages], holds };
}

/** The first of them, and the others held until it is their turn. */
export function takeFirst({ actions, holds }: Dispatch, views: readonly UnitView[]): Dispatch {
  const [first, ...later] = actions;
  if (first === undefined) return { actions, holds };
  const why = obstacle(`the lane takes ${first.repo}#${first.issue ?? ''} first`, 'that session has ended');
  const bugs = new Map(views.flatMap(({ unit }) => unit.bugs.map(bug => [bug.name, bug] as const)));
  const waiting = later.flatMap(({ repo, issue }) => bugs.get(`${repo}#${issue}`) ?? []);
  return {
    actions: [first],
    holds: [...holds, ...waiting.map(bug => holdOf(bug, { code: 'no-slot', ...why }))],
  };
}

function laneObstacle(view: UnitView): Obstacle | null {
  const busy = view.board.world.host.sessions.find(isOfBugLane);
  if (busy) return obstacle(`the lane works on ${busy.repo}#${busy.issue ?? ''}`, 'that session has ended');
  const atWork = stageAtWork(view);
  return atWork === null ? null : obstacle(atWork, 'that stage has ended');
}

const actionOn = ({ repo, issue }: BoardIssue, kind: 'FIX' | 'TRIAGE', reason: string): Action => ({
  kind,
  repo,
  issue: issue.number,
  reason,
});
