import { isAdoption } from '../core/adoption.ts';
import type { Failure, JournalEntry } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { resumptionOf } from '../core/resume.ts';
import type { Issue, Pull } from '../core/world.ts';
import { type GateResult, outcomeGate, substanceGate, type Work } from '../landing/gates.ts';
import { land } from '../landing/land.ts';
import type { Landing, LandingEnd } from '../landing/landing.ts';
import type { Verified } from '../landing/plan.ts';
import type { Approval } from '../landing/readiness.ts';
import { openPointsIn } from '../landing/reviewed.ts';
import type { Lease } from '../leases/lease.ts';
import type { Journal, Oid, Session } from '../ports.ts';
import {
  type Checkpoint,
  isPutDown,
  makeCheckpoint,
  PUT_DOWN,
  type SavedWork,
  savedAtWork,
  saveWork,
} from './checkpoint.ts';
import { classifyEnd } from './classify.ts';
import { discoveriesIn } from './discoveries.ts';
import type { Engine } from './engine.ts';
import { type FlightEnd, WAITS } from './flights.ts';
import { askMessages, checkMessages } from './messages.ts';
import { branchOf } from './prepare-session.ts';
import { findRemains } from './remains.ts';
import { askScope } from './scope.ts';
import { askSecrets } from './secrets.ts';
import { logNameOf } from './session-log.ts';
import { type AttemptEnd, clearAway, endAttempt } from './settle.ts';
import { closeIssue, mirror, say } from './tell.ts';
import { usageOf, withReviews } from './usage.ts';
import { askWeakened } from './weakened.ts';

/** An attempt of ours that has no receipt yet. */
export interface OpenAttempt {
  readonly issue: Pick<Issue, 'number' | 'title' | 'body' | 'state' | 'labels' | 'lastEditor'>;
  readonly lease: Lease;
  readonly baseBranch: string;
  /** What is left of its session on this host; null when nothing is. */
  readonly session: Session | null;
  /** The landing entry of its journal, when its branch was pushed. */
  readonly landing: JournalEntry | null;
  /** Persons' words for heads of this issue. */
  readonly approvals: readonly Approval[];
  /** What agents' reviews said of changes for this issue, oldest first. */
  readonly reviews: readonly JournalEntry[];
  /** The repository's pull requests as they were seen. */
  readonly pulls: readonly Pull[];
  /** Every head that was pushed to the issue's branch, in whatever attempt. */
  readonly published: readonly Oid[];
}

/** The lease that a journal speaks of, for going on with it. */
export function leaseFrom(repo: string, journal: Journal): Lease | null {
  const last = journal.entries.at(-1);
  const claim = journal.entries.findLast(entry => entry.op === 'claim');
  if (!last || !claim) return null;
  return { repo, ref: journal.ref, tip: journal.tip, last, claimedAt: claim.at };
}

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
  { issue, lease, baseBranch, published, approvals, reviews, landing }: OpenAttempt,
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
  landed: landing?.head === head ? (landing.landed ?? null) : null,
  published,
  failure: null,
});

async function failAtGate(
  engine: Engine,
  attempt: OpenAttempt,
  results: readonly GateResult[],
  head: Oid | null,
): Promise<void> {
  const failure = results.find(result => result.failure)?.failure ?? null;
  const gates = results.map(result => result.verdict);
  // What it left uncommitted is not to be gone on with, and not to be lost either.
  const { isSafe } = attempt.session ? await saveWork(engine, attempt.session.plan) : NOTHING;
  await settle(engine, attempt, { ...endOf(engine, attempt), failure, head, gates }, { isSafe });
}

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
    const { pull, reason } = end;
    engine.log.info(`#${attempt.issue.number} waits: ${reason}`, { repo: attempt.lease.repo });
    const status = { kind: 'waiting' as const, attempt: end.lease.last.attempt, pull: pull.number, reason };
    if (end.wantsPerson)
      await mirror(engine, end.lease, attempt.issue.number, { working: true, blocked: true });
    await say(engine, end.lease, attempt.issue.number, { ...status, head: end.head });
    return WAITS;
  }
  await settle(engine, { ...attempt, lease: end.lease }, attemptEndOf(engine, attempt, end), {
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

/** Ends an attempt that has nothing to land. What it has is saved once nothing can change it any more. */
async function endUnfinished(
  engine: Engine,
  attempt: OpenAttempt,
  { hasWork, before = null }: { readonly hasWork: boolean; readonly before?: Oid | null },
): Promise<void> {
  const { session } = attempt;
  if (session) await engine.sessions.end(session.plan.name, 'cancelled');
  const { head, isSafe } = session && hasWork ? await saveWork(engine, session.plan) : NOTHING;
  const failure = isPutDown(engine, session) ? PUT_DOWN : classifyEnd(session);
  const end = { ...endOf(engine, attempt), failure, head: head ?? before };
  await settle(engine, attempt, end, { isSafe });
}

const NOTHING: SavedWork = { head: null, isSafe: true };

// A failed attempt's receipt names the base it started from, so that the next one can continue on its head.
const endOf = (engine: Engine, { session, lease, landing, reviews }: OpenAttempt): AttemptEnd => ({
  failure: null,
  landed: null,
  base: session?.plan.base ?? lease.last.base,
  head: null,
  gates: [],
  output: null,
  usage: withReviews(
    session ? usageOf(session, engine.settings) : (landing?.usage ?? null),
    reviews.filter(({ attempt }) => attempt === lease.last.attempt),
  ),
  log: session && logNameOf(session),
  discoveries: discoveriesIn(session),
});

/**
 * What people see, then receipt and release, then what this host keeps. Nothing is shown without the lease:
 * whoever takes it next must not find a late word about this attempt in its way.
 */
async function settle(
  engine: Engine,
  attempt: OpenAttempt,
  end: AttemptEnd,
  {
    branch = null,
    train = null,
    isSafe = true,
  }: { readonly branch?: string | null; readonly train?: Lease | null; readonly isSafe?: boolean } = {},
): Promise<void> {
  const checkpoint = await checkpointOf(engine, attempt, end);
  await tell(engine, attempt, end, checkpoint);
  const pushed = await endAttempt(engine, attempt.lease, end, { branch, checkpoint, train });
  if (pushed.kind === 'unknown') return;
  if (attempt.session) await clearAway(engine, attempt.session.plan, { isSafe });
}

const checkpointOf = (engine: Engine, { issue, lease, session }: OpenAttempt, end: AttemptEnd) =>
  makeCheckpoint(
    engine,
    { repo: lease.repo, issue: issue.number, attempt: lease.last.attempt, session },
    end,
  );

async function tell(
  engine: Engine,
  { issue, lease, session, reviews }: OpenAttempt,
  end: AttemptEnd,
  checkpoint: Checkpoint | null,
): Promise<void> {
  const { number } = issue;
  const { attempt } = lease.last;
  const { failure, landed, output } = end;
  if (landed) {
    await closeIssue(engine, lease, number);
    await say(engine, lease, number, { kind: 'landed', attempt, ...landed });
  } else if (failure) {
    const blocked = waitsForPerson(failure) && !engine.settings.HARNESS_AUTONOMOUS;
    const paused = isPutDown(engine, session);
    // A label that only said that a person had to decide.
    const isDecided = failure.class === 'review' && reviews.length > 0;
    await mirror(engine, lease, number, {
      working: false,
      paused,
      ...(blocked || isDecided ? { blocked } : {}),
    });
    const handoff = checkpoint?.handoff ?? null;
    await say(engine, lease, number, {
      kind: paused ? 'paused' : 'failed',
      attempt,
      failure,
      output,
      handoff,
    });
  }
}

const waitsForPerson = ({ class: kind }: Failure) => kind === 'blocked' || kind === 'question';

/** The open attempt in a journal is this session's. */
export function isOpenFor(journal: Journal | null, nonce: string): boolean {
  return foldJournal(journal?.entries ?? []).open?.session === nonce;
}
