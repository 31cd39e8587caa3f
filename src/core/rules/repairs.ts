import type { BoardIssue } from '../board-issue.ts';
import type { Action, EngineKind, HoldCode } from '../decision.ts';
import { isOurs } from '../work.ts';
import type { Lane, LeaseState, SessionState } from '../world.ts';
import { budgetObstacleOfSession } from './budget.ts';
import { isComplete } from './completeness.ts';
import type { UnitView } from './gate.ts';
import { firstObstacle } from './gates.ts';
import { isOfBugLane } from './slots.ts';
import { stageObstacle } from './stage.ts';
import { isReviewOutdated } from './wanted.ts';

/**
 * What the engine does in a unit without an agent before anything new starts: it concludes what has ended,
 * gives back what is held for nothing, and puts labels right. Each lane does it for its own kinds of issue.
 */
export function repairsOf(view: UnitView): readonly Action[] {
  const { board, unit } = view;
  const { repo } = unit.unit;
  const { lane } = board.world;
  const sessions = board.work
    .sessionsIn(repo)
    .filter(session => laneOf(session) === lane && !session.ofChange);
  const leases = board.work.leasesIn(repo).filter(lease => laneOfLease(lease, view) === lane);
  const found = [
    ...sessions.flatMap(session => repairOfSession(session, view)),
    ...leases.flatMap(lease => repairOfLease(lease, view)),
    ...(unit.isFresh ? repairsOfLabels(view) : []),
    ...(lane === 'pool' ? repairOfPlan(view) : []),
  ];
  return ORDER.flatMap(kind => found.filter(action => action.kind === kind));
}

const ORDER: readonly EngineKind[] = [
  'LAND',
  'REAP',
  'CUT_OFF',
  'RELEASE',
  'TAKE_OVER',
  'MIRROR',
  'UNREVIEW',
  'ARCHIVE',
];

const laneOf = (session: SessionState): Lane => (isOfBugLane(session) ? 'bugs' : 'pool');

const laneOfIssue = (issue: BoardIssue | null): Lane => (issue?.kind === 'bug' ? 'bugs' : 'pool');

const laneOfLease = ({ scope, issue }: LeaseState, { unit }: UnitView): Lane =>
  scope === 'stage' || issue === null ? 'pool' : laneOfIssue(unit.find(issue));

function repairOfSession(session: SessionState, { board, unit }: UnitView): readonly Action[] {
  const { kind, issue, outcome } = session;
  const { repo } = unit.unit;
  const { lease, record } = board.work.on(repo, issue);
  if (lease && !isOurs(lease)) {
    return [
      { kind: 'REAP', repo, issue, reason: `${lease.holder} holds the lease of this ${kind} session's work` },
    ];
  }
  const spent = outcome === null ? budgetObstacleOfSession(session, record, board) : null;
  if (spent !== null) return [{ kind: 'CUT_OFF', repo, issue, reason: spent.reason }];
  // Landing closes issues, and a closed issue may have been reopened since: both need a fresh read.
  if (!unit.isFresh) return [];
  if (outcome !== null)
    return [{ kind: 'LAND', repo, issue, reason: `its ${kind} session ended: ${outcome}` }];
  const isGone =
    issue !== null && board.lookUp({ repo, number: issue, isShort: false }).issue?.state === 'closed';
  return isGone ? [{ kind: 'REAP', repo, issue, reason: 'the issue was closed meanwhile' }] : [];
}

function repairOfLease(lease: LeaseState, { board, unit }: UnitView): readonly Action[] {
  const { repo } = unit.unit;
  const issue = lease.scope === 'stage' ? null : lease.issue;
  const hands = board.work.on(repo, issue);
  if (hands.session || hands.lease !== lease) return [];
  if (isOurs(lease) && lease.landing === null) {
    return [
      { kind: 'RELEASE', repo, issue, reason: 'the attempt was interrupted: it has a lease and no session' },
    ];
  }
  if (!unit.isFresh) return [];
  if (isOurs(lease)) return [{ kind: 'LAND', repo, issue, reason: 'its landing was interrupted' }];
  // A holder looks dead to whoever can't read, and a stranger's issue is not ours to touch.
  if (lease.live || isStrangers(issue, { board, unit })) return [];
  return [{ kind: 'TAKE_OVER', repo, issue, reason: `${lease.holder} held it and is no longer alive` }];
}

function isStrangers(number: number | null, { board, unit }: Pick<UnitView, 'board' | 'unit'>): boolean {
  if (number === null || unit.find(number)) return false;
  return board.lookUp({ repo: unit.unit.repo, number, isShort: false }).issue !== null;
}

function repairsOfLabels(view: UnitView): readonly Action[] {
  const { board, unit } = view;
  const { lane } = board.world;
  const leftOver = unit.issues.filter(issue => {
    if (!issue.labels.includes(board.labels.working) || laneOfIssue(issue) !== lane) return false;
    const { session, lease } = board.work.on(issue.repo, issue.issue.number);
    return session === null && lease === null;
  });
  const outdated = lane === 'bugs' ? [] : unit.prds.filter(prd => prd.isOpen && mayLoseReview(prd, view));
  const { HARNESS_LABEL_WORKING: working, HARNESS_LABEL_REVIEWED: reviewed } = board.settings;
  return [
    ...leftOver.map(({ repo, issue }) =>
      action('MIRROR', repo, issue.number, `nobody works on it: ${working} is left over`),
    ),
    ...outdated.map(({ repo, issue }) =>
      action('UNREVIEW', repo, issue.number, `${reviewed}, but it has an open issue again`),
    ),
  ];
}

const action = (kind: EngineKind, repo: string, issue: number, reason: string): Action => ({
  kind,
  repo,
  issue,
  reason,
});

function mayLoseReview(prd: BoardIssue, view: UnitView): boolean {
  if (!isReviewOutdated(prd, view.unit, view.board)) return false;
  const held = firstObstacle({ issue: prd, wanted: null }, view);
  return held === null || HOLDS_AGENTS_ONLY.has(held.code);
}

const HOLDS_AGENTS_ONLY: ReadonlySet<HoldCode> = new Set([
  'backoff',
  'attempts',
  'breaker',
  'ci-red',
  'workflow',
]);

function repairOfPlan(view: UnitView): readonly Action[] {
  const { board, unit } = view;
  const isPlanned = board.settings.HARNESS_MODE === 'planned';
  if (!isPlanned || !isComplete(unit, board) || !unit.repo.plan.exists) return [];
  const held = stageObstacle('PRD', view);
  if (held !== null && !HOLDS_AGENTS_ONLY.has(held.code)) return [];
  return [
    {
      kind: 'ARCHIVE',
      repo: unit.unit.repo,
      issue: null,
      reason: 'the unit is complete and PLAN.md is still there',
    },
  ];
}
