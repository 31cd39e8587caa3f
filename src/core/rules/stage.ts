import type { HoldCode, UnitDecision } from '../decision.ts';
import { isOurs } from '../work.ts';
import { ATTEMPT_CHECKS } from './attempts.ts';
import { isCurrentPlan, ownPrdsOf, specHashOf } from './completeness.ts';
import { type Obstacle, obstacle, type UnitView } from './gate.ts';
import {
  ciGate,
  depsGate,
  pausedGate,
  waitsForUnits,
  whilePaused,
  whileRed,
  whileWorkflowInvalid,
  workflowGate,
} from './stops.ts';

/** PLAN and PRD are work of the unit as a whole: they come before everything else, and alone. */
export type Stage = 'PLAN' | 'PRD';

/** The stage that is due in a unit; null when none is. Nothing is due that can't be seen. */
export function dueStage({ unit, board }: Pick<UnitView, 'unit' | 'board'>): Stage | null {
  if (board.settings.HARNESS_MODE !== 'planned' || !unit.isFresh) return null;
  const { plan } = unit.repo;
  const hasNoPrd = ownPrdsOf(unit).length === 0;
  const isCurrent = isCurrentPlan(plan.markerHash, specHashOf(unit, board.world));
  const isReplanned = plan.markerHash !== null && !isCurrent;
  if (plan.exists) return plan.prds.length === 0 && (hasNoPrd || isReplanned) ? 'PRD' : null;
  if ([...unit.prds, ...unit.children].some(({ isOpen }) => isOpen)) return null;
  return (hasNoPrd && !isCurrent) || isReplanned ? 'PLAN' : null;
}

/** Why nothing else may start in a unit while a stage is at work in it, here or elsewhere; null when none is. */
export function stageAtWork({ unit, board }: Pick<UnitView, 'unit' | 'board'>): string | null {
  const { repo } = unit.unit;
  const session = board.work.sessionsIn(repo).find(({ kind }) => kind === 'PLAN' || kind === 'PRD');
  if (session) return `a ${session.kind} session is at work in the unit`;
  const { lease } = board.work.on(repo, null);
  return lease?.live && !isOurs(lease) ? `${lease.holder} works on a stage of the unit` : null;
}

/** What holds a stage that is due; null when it may start. */
export function stageObstacle(stage: Stage, view: UnitView): (Obstacle & { readonly code: HoldCode }) | null {
  for (const { code, check } of STAGE_GATES) {
    const found = check(view, stage);
    if (found) return { code, ...found };
  }
  return null;
}

/** One question that is asked before a stage starts. */
export interface StageGate {
  readonly code: HoldCode;
  /** What is asked, for people; "yes" lets the stage start. */
  readonly question: string;
  readonly check: Check;
}

/** Held so, a stage lets other work go on: one stage that fails must not stop the unit. */
export const LETS_OTHERS_GO: ReadonlySet<HoldCode> = new Set(ATTEMPT_CHECKS.map(({ code }) => code));

type Check = (view: UnitView, stage: Stage) => Obstacle | null;

const whileSessionsLive: Check = ({ unit, board }) => {
  const { lease: own } = board.work.on(unit.unit.repo, null);
  if (own && isOurs(own) && own.waits !== null) {
    return obstacle(own.waits, 'somebody agrees to it, or answers what is to be different');
  }
  const count = board.work.sessionsIn(unit.unit.repo).length;
  if (count === 1) return obstacle('a session of the unit is live', 'it has ended');
  if (count > 1) return obstacle(`${count} sessions of the unit are live`, 'they have ended');
  const { lease } = board.work.on(unit.unit.repo, null);
  return lease && isOurs(lease)
    ? obstacle('an attempt of this fleet was interrupted', 'its lease is given back, in this tick')
    : null;
};

const whileLeased: Check = ({ unit, board }) => {
  const { lease } = board.work.on(unit.unit.repo, null);
  if (!lease || isOurs(lease)) return null;
  return lease.live
    ? obstacle(`${lease.holder} works on a stage of the unit`, `${lease.holder} gives its lease back`)
    : obstacle(`${lease.holder} held it and is gone`, 'its lease is taken over, in this tick');
};

const withoutSpec: Check = ({ unit, board }, stage) =>
  stage === 'PLAN' && specHashOf(unit, board.world) === null
    ? obstacle('there is no specification to plan from', 'HARNESS_SPEC names a file of the default branch')
    : null;

/** Every gate of PLAN and PRD, in the order in which they are looked at. */
export const STAGE_GATES: readonly StageGate[] = [
  { code: 'working', question: 'Have all sessions of the unit ended?', check: whileSessionsLive },
  { code: 'leased', question: 'Is its lease free?', check: whileLeased },
  ...ATTEMPT_CHECKS.map(
    ({ code, question, holds }): StageGate => ({
      code,
      question,
      check: ({ unit, board }, stage) => {
        const { record } = board.work.on(unit.unit.repo, null);
        return holds({ record, stage, labels: [] }, board);
      },
    }),
  ),
  { code: 'deps', question: depsGate.question, check: waitsForUnits },
  { code: 'paused', question: pausedGate.question, check: ({ board }) => whilePaused(board) },
  { code: 'ci-red', question: ciGate.question, check: whileRed },
  { code: 'workflow', question: workflowGate.question, check: whileWorkflowInvalid },
  { code: 'no-spec', question: 'Is there a specification to plan from?', check: withoutSpec },
];

/** The stage that a unit is in, for people; what is due is told before what could follow. */
export function stageInView(view: Pick<UnitView, 'unit' | 'board'>): UnitDecision['stage'] {
  const { unit, board } = view;
  const live = board.work.sessionsIn(unit.unit.repo).find(({ kind }) => kind === 'PLAN' || kind === 'PRD');
  if (live?.kind === 'PLAN' || live?.kind === 'PRD') return live.kind;
  const due = dueStage(view);
  if (due !== null) return due;
  if (unit.children.some(({ isOpen }) => isOpen)) return 'IMPL';
  const prds = board.settings.HARNESS_MODE === 'issue-only' ? [] : unit.prds.filter(({ isOpen }) => isOpen);
  if (prds.some(({ issue }) => unit.issuesOf(issue.number).length === 0)) return 'DECOMPOSE';
  return prds.length > 0 ? 'REVIEW' : 'IDLE';
}
