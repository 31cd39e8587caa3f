import type { Board } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import type { Action, Hold } from '../decision.ts';
import { scopeTaken } from './fitness.ts';
import { type Obstacle, obstacle, type Subject, type UnitView } from './gate.ts';
import { firstObstacle } from './gates.ts';
import { holdOf } from './holds.ts';
import { emptyScopes } from './scopes.ts';
import { freeSlots } from './slots.ts';
import { dueStage, LETS_OTHERS_GO, stageAtWork, stageObstacle } from './stage.ts';
import { wantedOn } from './wanted.ts';

/** What a tick does in a unit, and why it does nothing with the rest of its PRDs and children. */
export interface Dispatch {
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
}

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
  if (first.alone)
    return { actions: first.actions, holds: [...first.holds, ...holds, ...waitAll(first.alone)] };
  const filled = fillSlots(ready, view);
  return { actions: filled.actions, holds: [...first.holds, ...holds, ...filled.holds] };
}

/** Passes every open PRD and child through the gates. */
function judgeAll(view: UnitView): { readonly ready: readonly Subject[]; readonly holds: readonly Hold[] } {
  const ready: Subject[] = [];
  const holds: Hold[] = [];
  for (const issue of [...view.unit.prds, ...view.unit.children]) {
    if (!issue.isOpen) continue;
    const subject = { issue, wanted: wantedOn(issue, view.unit, view.board) };
    const held = firstObstacle(subject, view);
    if (held) holds.push(holdOf(issue, held));
    else if (subject.wanted === null)
      holds.push(holdOf(issue, { code: 'waiting-for-children', ...childrenOf(issue, view) }));
    else ready.push(subject);
  }
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

/** Gives the free slots to DECOMPOSE, then IMPL, then REVIEW. CLOSE_PRD needs none. */
function fillSlots(ready: readonly Subject[], view: UnitView): Dispatch {
  const { board, unit } = view;
  const holds: Hold[] = [];
  const started = emptyScopes();
  let free = freeSlots(view);
  const take = (subject: Subject): readonly Action[] => {
    const { issue, wanted } = subject;
    if (wanted === null) return [];
    const scope = wanted === 'IMPL' ? issue.scope : [];
    const other = started.overlapping(scope);
    if (other !== null) {
      holds.push(holdOf(issue, { code: 'scope-busy', ...scopeTaken(other) }));
      return [];
    }
    if (wanted !== 'CLOSE_PRD') {
      if (free === 0) {
        holds.push(holdOf(issue, { code: 'no-slot', ...allBusy(board) }));
        return [];
      }
      free -= 1;
    }
    started.add(scope, issue.name);
    return [
      { kind: wanted, repo: unit.unit.repo, issue: issue.issue.number, reason: reasonFor(subject, view) },
    ];
  };
  const wants = (kind: Subject['wanted']) => ready.filter(({ wanted }) => wanted === kind);
  const children = wants('IMPL').sort(byTurn);
  const finished = ready.filter(({ wanted }) => wanted === 'REVIEW' || wanted === 'CLOSE_PRD');
  const actions = [...wants('DECOMPOSE'), ...children, ...finished].flatMap(take);
  return { actions, holds };
}

/**
 * The order in which children are started: priority, then those without a PRD, then PRD by PRD, then by
 * number. It depends on nothing but the issues, so all hosts agree.
 */
function byTurn({ issue: a }: Subject, { issue: b }: Subject): number {
  return a.priority - b.priority || (a.parent ?? 0) - (b.parent ?? 0) || a.issue.number - b.issue.number;
}

const allBusy = ({ settings }: Board) =>
  obstacle(`all slots of the unit are taken (HARNESS_CAP ${settings.HARNESS_CAP})`, 'a session ends');

function reasonFor({ issue, wanted }: Subject, { unit, board }: UnitView): string {
  const count = unit.issuesOf(issue.issue.number).length;
  switch (wanted) {
    case 'DECOMPOSE':
      return 'the PRD has no issues yet, and nothing blocks it';
    case 'REVIEW':
      return `all ${count} issues of the PRD are closed`;
    case 'CLOSE_PRD':
      return `all ${count} issues of the PRD are closed, and it is reviewed`;
    default: {
      const resumed = issue.labels.includes(board.labels.paused) ? 'resumes' : 'ready';
      const blockers =
        issue.references.length === 0
          ? 'nothing blocks it'
          : `all ${issue.references.length} blockers are done`;
      const prd = issue.parent === null ? '' : `, for PRD #${issue.parent}`;
      return `${resumed}: ${blockers}${prd}, priority ${issue.priority}`;
    }
  }
}
