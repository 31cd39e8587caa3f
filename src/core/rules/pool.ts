import type { BoardIssue } from '../board-issue.ts';
import type { Hold } from '../decision.ts';
import { dueReviews } from './code-review.ts';
import { fillSlots } from './fill-slots.ts';
import { type Obstacle, obstacle, type Subject, type UnitView } from './gate.ts';
import { firstObstacle } from './gates.ts';
import { type Dispatch, holdOf } from './holds.ts';
import { freeSlots } from './slots.ts';
import { dueStage, LETS_OTHERS_GO, stageAtWork, stageObstacle } from './stage.ts';
import { wantedOn } from './wanted.ts';

/** The pool's part of a decision for one unit. */
export function dispatchPool(view: UnitView): Dispatch {
  const { ready, holds } = judgeAll(view);
  const waitAll = (why: Obstacle) => ready.map(({ issue }) => holdOf(issue, { code: 'no-slot', ...why }));
  if (view.board.world.lane === 'bugs') {
    return {
      actions: [],
      holds: [...holds, ...waitAll(obstacle('the bug lane starts no work of the pool', 'the pool takes it'))],
    };
  }
  const first = takeStage(view);
  // A stage is alone, reviews of changes included; while it waits for its turn, they end what it waits for.
  const isTaken = first.actions.length > 0 || stageAtWork(view) !== null;
  const reviews = isTaken ? [] : dueReviews(view);
  if (first.alone) {
    const actions = [...reviews, ...first.actions];
    return { actions, holds: [...first.holds, ...holds, ...waitAll(first.alone)] };
  }
  const filled = fillSlots(ready, view, freeSlots(view) - reviews.length);
  const actions = [...reviews, ...filled.actions];
  return { actions, holds: [...first.holds, ...holds, ...filled.holds] };
}

/** Passes every open PRD and child through the gates. */
function judgeAll(view: UnitView): { readonly ready: readonly Subject[]; readonly holds: readonly Hold[] } {
  const ready: Subject[] = [];
  const holds: Hold[] = [];
  [...view.unit.prds, ...view.unit.children].forEach(issue => {
    if (!issue.isOpen) return;
    const subject = { issue, wanted: wantedOn(issue, view.unit, view.board) };
    const held = firstObstacle(subject, view);
    if (held) holds.push(holdOf(issue, held));
    else if (subject.wanted === null)
      holds.push(holdOf(issue, { code: 'waiting-for-children', ...childrenOf(issue, view) }));
    else ready.push(subject);
  });
  return { ready, holds };
}

function childrenOf(prd: BoardIssue, { unit, board }: UnitView): Obstacle {
  if (board.settings.HARNESS_MODE === 'issue-only') {
    return obstacle(
      'the mode issue-only does nothing with PRDs',
      'HARNESS_MODE is prd or planned, or a person closes it',
    );
  }
  const open = unit.issuesOf(prd.issue.number).filter(({ isOpen }) => isOpen);
  const named = open.slice(0, NAMED).map(({ issue }) => `#${issue.number}`);
  const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
  return obstacle(`waits for its issues ${named.join(', ')}${more}`, 'they are closed');
}

const NAMED = 5;

interface Exclusive extends Dispatch {
  /** Set when nothing else may start in the unit. */
  readonly alone: Obstacle | null;
}

function takeStage(view: UnitView): Exclusive {
  const stage = dueStage(view);
  const atWork = stageAtWork(view);
  const alone = atWork === null ? null : obstacle(atWork, 'that stage has ended');
  if (stage === null) return { actions: [], holds: [], alone };
  const { repo } = view.unit.unit;
  const held = stageObstacle(stage, view);
  const comesFirst = obstacle(`${stage} comes first, and alone`, `${stage} has ended`);
  if (held === null) {
    return {
      actions: [{ kind: stage, repo, issue: null, reason: STAGE_REASONS[stage] }],
      holds: [],
      alone: comesFirst,
    };
  }
  const hold: Hold = { repo, issue: null, ...held, reason: `${stage}: ${held.reason}` };
  return { actions: [], holds: [hold], alone: alone ?? (LETS_OTHERS_GO.has(held.code) ? null : comesFirst) };
}

const STAGE_REASONS = {
  PLAN: 'the specification has no plan yet, or has changed since its plan',
  PRD: 'no PRD has come from PLAN.md yet',
} as const;
