import type { Action } from '../core/decision.ts';
import { approvalsIn, foldJournal, isApprovedAnew, publishedIn } from '../core/journal.ts';
import { isOfBugLane } from '../core/rules/slots.ts';
import type { StageKind } from '../core/world.ts';
import { type Append, appendToLease, issueRef, type Lease } from '../leases/lease.ts';
import type { Oid, Session, SessionPlan } from '../ports.ts';
import { archivePlan } from './archive-plan.ts';
import { concludeAttempt } from './conclude.ts';
import { abandonStage, concludeStage, isStage } from './conclude-stage.ts';
import { reserve } from './dispatch.ts';
import type { Engine } from './engine.ts';
import type { FlightEnd, Flights } from './flights.ts';
import { journalOf, type Seen } from './observe.ts';
import { isOpenFor, leaseFrom, type OpenAttempt } from './open-attempt.ts';
import { closePrd, unreview } from './prds.ts';
import { issueIn } from './prepare-session.ts';
import { startReview } from './review-session.ts';
import { saveAndClearAway } from './settle.ts';
import type { OpenStage } from './stage.ts';
import { setLabels } from './tell.ts';
import { stillWaits } from './waiting.ts';

/** What a tick's actions share: the evidence they were decided on, and what is under way. */
export interface Tick {
  readonly engine: Engine;
  readonly seen: Seen;
  readonly flights: Flights;
}

/** Names what an action is about; two actions on one issue never run at once. */
export const keyOf = (repo: string, issue: number | null) => `${repo.toLowerCase()}#${issue ?? 'unit'}`;

/**
 * Begins an action. Returns once its claim on this host is visible (a reserved session); the rest goes on as a
 * flight, so that a landing of minutes never holds up another issue.
 */
export async function act(tick: Tick, action: Action): Promise<void> {
  const { engine, seen, flights } = tick;
  const key = keyOf(action.repo, action.issue);
  if (flights.has(key)) return;
  switch (action.kind) {
    case 'IMPL':
    case 'PLAN':
    case 'PRD':
    case 'DECOMPOSE':
    case 'REVIEW':
    case 'JUDGE':
    case 'REPLAN':
    case 'TRIAGE':
    case 'FIX':
      return dispatch(tick, key, action);
    case 'LAND':
      if (await stillWaits(tick, { ...action, baseBranch: baseBranchOf(engine, seen, action.repo) })) return;
      return flights.begin(key, () => withOpenAttempt(tick, action, LANDS));
    case 'RELEASE':
      return flights.begin(key, () => withOpenAttempt(tick, action, ABANDONS));
    case 'TAKE_OVER':
      return flights.begin(key, () => takeOver(tick, action));
    case 'REAP':
      return flights.begin(key, () => reap(tick, action));
    case 'CUT_OFF':
      return flights.begin(key, () => cutOff(tick, action));
    case 'CODE_REVIEW':
      return startReview(tick, key, action);
    case 'MIRROR':
      return flights.begin(key, () => clearLabel(tick, action));
    case 'UNREVIEW':
      return flights.begin(key, () => unreview(tick, action));
    case 'CLOSE_PRD':
      return flights.begin(key, () => closePrd(tick, action));
    case 'ARCHIVE':
      return flights.begin(key, () => archivePlan(tick, action, baseBranchOf(engine, seen, action.repo)));
    default:
      action satisfies never;
  }
}

async function dispatch(
  { engine, seen, flights }: Tick,
  key: string,
  action: Action & { readonly kind: StageKind },
): Promise<void> {
  const base = await baseHead(engine, seen, action.repo);
  const reserved = await reserve(engine, seen, action, base);
  if (!reserved) return;
  // Asked after the announcement: of a pause and a start at once, either whoever pauses sees it, or this sees the pause.
  const givesWay =
    (await engine.host.paused()) || (isOfBugLane(action) && (await isLaneTaken(engine, reserved.plan)));
  if (givesWay) return engine.sessions.discard(reserved.plan.name);
  flights.begin(key, reserved.start);
}

/** Workers of two units may have taken the fleet's one slot for bugs at once; then both give way, and try again. */
async function isLaneTaken({ sessions }: Engine, { name }: SessionPlan): Promise<boolean> {
  const all = await sessions.list();
  return all.some(({ plan }) => plan.name !== name && isOfBugLane(plan));
}

function baseHead(engine: Engine, seen: Seen, repo: string): Promise<Oid> {
  return engine.repos.fetchBranch(repo, baseBranchOf(engine, seen, repo));
}

function baseBranchOf({ settings }: Engine, seen: Seen, repo: string): string {
  return settings.HARNESS_BASE || seen.snapshots.get(repo.toLowerCase())?.defaultBranch || 'main';
}

/** What becomes of an open attempt, by what its session was to leave: commits, or a proposal. */
interface Concluding {
  readonly ofCommits: (engine: Engine, attempt: OpenAttempt) => Promise<FlightEnd>;
  readonly ofStage: (engine: Engine, stage: OpenStage) => Promise<FlightEnd>;
}

const LANDS: Concluding = { ofCommits: concludeAttempt, ofStage: concludeStage };
const ABANDONS: Concluding = { ofCommits: concludeAttempt, ofStage: abandonStage };

/** Concludes the attempt of ours that is open on the action's issue, or stage; clears away what is nobody's. */
async function withOpenAttempt(
  tick: Tick,
  { repo, issue: number }: Action,
  { ofCommits, ofStage }: Concluding,
): Promise<FlightEnd> {
  const { engine, seen } = tick;
  const journal = journalOf(seen, repo, number);
  const session = sessionOn(seen, repo, number);
  const state = foldJournal(journal?.entries ?? []);
  const isOurs = state.holder?.fleet === engine.host.identity.fleet;
  const held = journal && isOurs ? leaseFrom(repo, journal) : null;
  if (!journal || !held) {
    if (session) await saveAndClearAway(engine, session.plan);
    return;
  }
  const lease = await provenLease(engine, held);
  if (!lease) return;
  if (!state.open) {
    await appendToLease(engine, lease, [{ op: 'release' }]);
    return;
  }
  const open = {
    lease,
    baseBranch: baseBranchOf(engine, seen, repo),
    session: session && isOpenFor(journal, session.plan.nonce) ? session : null,
    landing: state.landing,
  };
  const { kind } = state.open;
  if (number === null || isStage(kind))
    return ofStage(engine, { ...open, seen, journal, kind, issue: number });
  return ofCommits(engine, {
    ...open,
    issue: issueIn(seen, repo, number) ?? { ...NO_ISSUE, number },
    pulls: seen.snapshots.get(repo.toLowerCase())?.pulls ?? [],
    published: publishedIn(journal.entries),
    approvals: approvalsIn(journal.entries),
    hasWord: isApprovedAnew(journal.entries),
    reviews: state.reviews,
  });
}

const NO_ISSUE = { title: '', body: '', state: 'closed', labels: [], lastEditor: null } as const;

/**
 * A lease of ours as this process may use it. One that another process of the fleet took, or that was not
 * proven for too long, is taken anew: the epoch shuts out whatever is still under way in the old one's name.
 */
export async function provenLease(engine: Engine, lease: Lease): Promise<Lease | null> {
  if (engine.proofs.holds(lease.repo, lease.ref)) return lease;
  const taken = await appendToLease(engine, lease, [takeoverBy(engine)]);
  return taken.kind === 'done' ? taken.lease : null;
}

/** The entry by which this process takes a lease that somebody holds. */
export function takeoverBy({ host, policyDigest }: Engine): Append {
  const { fleet, boot, worker } = host.identity;
  return { op: 'takeover', facts: { fleet, host: host.identity.host, boot, worker, policyDigest } };
}

const LOOK_LASTS_MS = 10_000;

/**
 * Takes the lease of a holder that is gone. An attempt that had not begun to land ends with a receipt in the
 * same push; one that had is ours to go on with in the next tick.
 */
async function takeOver({ engine, seen }: Tick, { repo, issue }: Action): Promise<void> {
  const journal = journalOf(seen, repo, issue);
  const lease = journal ? leaseFrom(repo, journal) : null;
  // A process that was stopped since it looked would take what its holder has come back to.
  if (!journal || !lease || engine.proofs.ageMs(seen.readAt) > LOOK_LASTS_MS) return;
  const state = foldJournal(journal.entries);
  const failure = {
    class: 'interrupted' as const,
    signature: 'interrupted: its fleet is gone',
    message: `fleet ${state.holder?.fleet ?? '?'} gave no sign of life for ${engine.settings.HARNESS_LEASE_TTL} s`,
  };
  const receipt = state.open && !state.landing ? [{ op: 'receipt' as const, facts: { failure } }] : [];
  const release = state.landing ? [] : [{ op: 'release' as const }];
  const taken = await appendToLease(engine, lease, [takeoverBy(engine), ...receipt, ...release]);
  engine.log.info(
    `took over ${issue === null ? 'the stage' : `#${issue}`} from ${state.holder?.fleet ?? '?'}: ${taken.kind}`,
    { repo },
  );
}

/** Ends a session that is not to go on. With the lease of another fleet, what is left of it is nobody's any more. */
async function reap({ engine, seen }: Tick, { repo, issue, reason }: Action): Promise<void> {
  const session = sessionOn(seen, repo, issue);
  if (!session) return;
  engine.log.info(`ending session ${session.plan.name}: ${reason}`, { repo });
  await engine.sessions.end(session.plan.name, 'cancelled');
  const { holder } = foldJournal(journalOf(seen, repo, issue)?.entries ?? []);
  if (holder?.fleet !== engine.host.identity.fleet) await saveAndClearAway(engine, session.plan);
}

/** Ends a session that has used up what it may; the next tick keeps its work and gives the lease back. */
async function cutOff({ engine, seen }: Tick, { repo, issue, reason }: Action): Promise<void> {
  const session = sessionOn(seen, repo, issue);
  if (!session) return;
  engine.log.warn(`ending session ${session.plan.name}: ${reason}`, { repo });
  await engine.sessions.end(session.plan.name, 'budget');
}

async function clearLabel({ engine }: Tick, { repo, issue: number }: Action): Promise<void> {
  if (number === null) return;
  const issue = await engine.board.issue(repo, number);
  // Read last: the label may be right by now, and somebody else's.
  const readAt = engine.proofs.moment();
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === issueRef(number));
  const isHeld = foldJournal(journal?.entries ?? []).holder !== null;
  if (isHeld || engine.proofs.ageMs(readAt) > LOOK_LASTS_MS) return;
  await setLabels(engine, repo, issue, { working: false });
}

function sessionOn(seen: Seen, repo: string, issue: number | null): Session | null {
  const isOn = ({ plan }: Session) => plan.repo.toLowerCase() === repo.toLowerCase() && plan.issue === issue;
  return seen.sessions.find(isOn) ?? null;
}
