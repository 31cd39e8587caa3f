import { isAdoption } from '../core/adoption.ts';
import type { Failure, JournalEntry } from '../core/contracts.ts';
import { resumptionOf } from '../core/resume.ts';
import { type GateResult, outcomeGate, substanceGate, type Work } from '../landing/gates.ts';
import { land } from '../landing/land.ts';
import type { Landing, LandingEnd } from '../landing/landing.ts';
import type { Verified } from '../landing/plan.ts';
import { openPointsIn } from '../landing/reviewed.ts';
import type { Lease } from '../leases/lease.ts';
import type { Oid, Session } from '../ports.ts';
import { savedAtWork } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { endOf, endUnfinished, failAtGate, finishAttempt } from './finish-attempt.ts';
import { type FlightEnd, WAITS } from './flights.ts';
import { askMessages, checkMessages } from './messages.ts';
import type { OpenAttempt } from './open-attempt.ts';
import { branchOf } from './prepare-session.ts';
import { findRemains } from './remains.ts';
import { askScope } from './scope.ts';
import { askSecrets } from './secrets.ts';
import type { AttemptEnd } from './settle.ts';
import { mirror, say } from './tell.ts';
import { usageOf } from './usage.ts';
import { askWeakened } from './weakened.ts';

/** Goes on with an attempt from whatever is left of it, to its end or as far as it can go now. */
export async function concludeAttempt(engine: Engine, attempt: OpenAttempt): Promise<FlightEnd> {
  const { session, landing, lease } = attempt;
  // Its command is gone, and whoever asked for it can ask again.
  if (isAdoption(lease.last)) return endUnfinished(engine, attempt, { hasWork: false });
  const { remains, work } = await findRemains(engine, attempt);
  const what = resumptionOf(remains);
  switch (what) {
    case 'wait':
      return;
    case 'land':
      return session ? landSession(engine, attempt, session, work) : undefined;
    case 'go-on':
      return landing?.head ? resumeLanding(engine, attempt, landing, landing.head) : undefined;
    case 'save':
      return endUnfinished(engine, attempt, { hasWork: true });
    case 'end': {
      const before = remains.worktree === 'gone' ? await savedAtWork(engine, attempt) : null;
      return endUnfinished(engine, attempt, { hasWork: false, before });
    }
    default:
      what satisfies never;
  }
}

async function landSession(
  engine: Engine,
  attempt: OpenAttempt,
  session: Session,
  made: Work,
): Promise<FlightEnd> {
  const { plan, outcome } = session;
  const work = await withCheckedMessages(engine, session, made);
  const results = await askGates(engine, attempt, session, work);
  const failed = results.find(result => result.failure);
  if (failed || !work.head) return failAtGate(engine, attempt, results, work.head);
  const head = await headOnItsWay(engine, attempt, { branch: plan.branch, head: work.head });
  return finishLanding(engine, attempt, {
    ...landingOf(attempt, plan.branch, head),
    verified: await verifiedBefore(engine, attempt, head),
    gates: results.map(result => result.verdict),
    usage: usageOf(session, engine.settings),
    outcome: outcome.kind === 'valid' ? outcome.outcome : null,
  });
}

/** The same work in commits whose messages may be published. */
async function withCheckedMessages(engine: Engine, { plan }: Session, work: Work): Promise<Work> {
  if (work.head === null || !work.change?.descends) return work;
  return { ...work, head: await checkMessages(engine, { ...plan, head: work.head }) };
}

/** The head that the landing has put in the place of the agent's, with the base merged in; else that one itself. */
async function headOnItsWay(
  { repos }: Engine,
  { lease: { repo }, landing }: OpenAttempt,
  { branch, head }: { readonly branch: string; readonly head: Oid },
): Promise<Oid> {
  const later = landing?.head ?? head;
  if (later === head) return head;
  await repos.remoteBranch(repo, branch);
  const contains = await repos.isAncestor(repo, { ancestor: head, commit: later }).catch(() => false);
  return contains ? later : head;
}

/** The gates before anything is public. */
async function askGates(
  engine: Engine,
  { issue, lease, reviews }: OpenAttempt,
  { plan, outcome }: Session,
  work: Work,
): Promise<readonly GateResult[]> {
  const before = reviews.filter(({ attempt }) => attempt < lease.last.attempt);
  const results = [outcomeGate(outcome, openPointsIn(before)), substanceGate(work)];
  if (!work.head || results.some(result => result.failure)) return results;
  const change = { ...plan, head: work.head };
  const said = outcome.kind === 'valid' ? outcome.outcome : null;
  return [
    ...results,
    await askScope(engine, issue, change),
    await askSecrets(engine, { ...change, outcome: said }),
    await askMessages(engine, change),
    await askWeakened(engine, change),
  ];
}

/** Goes on with a landing whose session is gone: the journal has the head that passed the gates. */
async function resumeLanding(
  engine: Engine,
  attempt: OpenAttempt,
  entry: JournalEntry,
  head: Oid,
): Promise<FlightEnd> {
  const branch = branchOf(attempt.issue.number);
  const { repo } = attempt.lease;
  // Another host made the commits: they come with the branch, if it is still there.
  await engine.repos.remoteBranch(repo, branch);
  const isHere = await engine.repos.isAncestor(repo, { ancestor: head, commit: head }).catch(() => false);
  const landing = { ...landingOf(attempt, branch, head), gates: entry.gates, usage: entry.usage };
  const verified = isHere ? await verifiedBefore(engine, attempt, head) : null;
  return finishLanding(engine, attempt, {
    ...landing,
    verified,
    failure: isHere ? null : COMMITS_GONE,
  });
}

/** What the journal vouches for: this head was verified under this very policy before it was pushed. */
export async function verifiedBefore(
  { repos, policyDigest }: Engine,
  { lease: { repo }, landing }: Pick<OpenAttempt, 'lease' | 'landing'>,
  head: Oid,
): Promise<Verified | null> {
  if (landing?.head !== head || !landing.base || landing.policyDigest !== policyDigest) return null;
  const { base, gates } = landing;
  const merged = await repos.merge(repo, { base, head }).catch(() => null);
  return merged?.kind === 'merged' ? { base, head, tree: merged.tree, gates } : null;
}

const COMMITS_GONE: Failure = {
  class: 'interrupted',
  signature: 'interrupted: commits gone',
  message: 'its commits are on a host that is gone, and no longer on its branch',
};

const landingOf = (
  { issue, lease, baseBranch, published, approvals, hasWord, reviews, landing }: OpenAttempt,
  branch: string,
  head: Oid,
): Landing => ({
  issue,
  lease,
  branch,
  baseBranch,
  head,
  gates: [],
  usage: null,
  outcome: null,
  verified: null,
  approvals,
  reviews,
  pushedAt: landing?.head === head ? landing.at : null,
  refusal: landing?.head === head ? (landing.refusal ?? null) : null,
  hasWord,
  queued: landing?.head === head ? (landing.queued ?? null) : null,
  landed: landing?.head === head ? (landing.landed ?? null) : null,
  published,
  failure: null,
});

const finishLanding = (engine: Engine, attempt: OpenAttempt, landing: Landing): Promise<FlightEnd> =>
  land(engine, landing, (end, train) => concludeLanding(engine, attempt, landing, { end, train }));

async function concludeLanding(
  engine: Engine,
  attempt: OpenAttempt,
  landing: Landing,
  { end, train }: { readonly end: LandingEnd; readonly train: Lease | null },
): Promise<FlightEnd> {
  if (end.kind === 'stopped') {
    engine.log.warn(`stopped landing #${attempt.issue.number}: ${end.reason}`, { repo: attempt.lease.repo });
    return;
  }
  if (end.kind === 'waiting') {
    const { pull, reason, isQueued } = end;
    engine.log.info(`#${attempt.issue.number} waits: ${reason}`, { repo: attempt.lease.repo });
    const status = {
      kind: 'waiting' as const,
      attempt: end.lease.last.attempt,
      pull: pull.number,
      reason,
      isQueued,
    };
    if (end.wantsPerson)
      await mirror(engine, end.lease, attempt.issue.number, { working: true, blocked: true });
    await say(engine, end.lease, attempt.issue.number, { ...status, head: end.head });
    return WAITS;
  }
  await finishAttempt(engine, { ...attempt, lease: end.lease }, attemptEndOf(engine, attempt, end), {
    branch: landing.branch,
    train,
  });
}

function attemptEndOf(
  engine: Engine,
  attempt: OpenAttempt,
  end: Exclude<LandingEnd, { kind: 'stopped' | 'waiting' }>,
): AttemptEnd {
  const { gates, head } = end;
  const ended = endOf(engine, attempt);
  if (end.kind === 'failed') {
    return { ...ended, failure: end.failure, head, gates, output: end.output };
  }
  const landed = { pull: end.pull.number, commit: end.commit };
  return { ...ended, landed, base: end.base, head, gates };
}
