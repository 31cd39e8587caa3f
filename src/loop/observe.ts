import { agentBreakers, breakerOfIssue, type States } from '../core/breaker.ts';
import { isContestDue } from '../core/gauntlet.ts';
import { foldJournal, type JournalState, notBefore } from '../core/journal.ts';
import { keyIn } from '../core/markers.ts';
import { planScope } from '../core/plan-line.ts';
import { replannedIn } from '../core/replan.ts';
import { type Trust, trustOf } from '../core/rules/trust.ts';
import type { Settings } from '../core/settings.ts';
import { type Unit, unitsOf } from '../core/units.ts';
import { unreadReferences } from '../core/unread-references.ts';
import { costOf, sumOf } from '../core/usage.ts';
import type { LeaseState, RepoState, SessionState, World } from '../core/world.ts';
import { STAGE_REFS, workRef } from '../leases/lease.ts';
import type { Moment } from '../leases/proofs.ts';
import type { HostRecord, Journal, RefsView, Session, Snapshot } from '../ports.ts';
import type { Engine } from './engine.ts';
import { nameOfWork, waitOf } from './landing-wait.ts';
import { createLiveness, type Liveness } from './liveness.ts';
import { spentTodayIn } from './spending.ts';

/** What one look at everything found: the World for the decision, and the evidence that acting on it needs. */
export interface Seen {
  readonly world: World;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** By `owner/repo` in lower case, then by ref. */
  readonly refs: ReadonlyMap<string, RefsView>;
  readonly sessions: readonly Session[];
  /** Sessions that review the change of another. */
  readonly reviewers: readonly Session[];
  /** Before the refs were read: what they say is at most so old. */
  readonly readAt: Moment;
}

export interface ObserveOptions {
  /** Decide for this unit only; null means all. */
  readonly unit: string | null;
  /** Units whose leases are read: those of `unit` alone, or all. */
  readonly leasesOf: 'all' | 'unit';
  readonly maxAgeMs: number;
  /** A worker that is asked to stop sees a paused world: nothing new starts, what runs is put down. */
  readonly stopping: boolean;
}

/** Reads the whole world once. Nothing else in a tick reads anything before it acts. */
export async function observe(engine: Engine, liveness: Liveness, options: ObserveOptions): Promise<Seen> {
  const units = unitsOf(engine.settings, engine.targets);
  const readAt = engine.proofs.moment();
  const refs = await readRefs(engine, units, options);
  const othersMoved = [...refs].some(([repo, view]) => liveness.note(repo, view, readAt.monotonic));
  // Another fleet's step (an issue closed, say) makes the snapshot stale, however young it is.
  const maxAgeMs = othersMoved ? 0 : options.maxAgeMs;
  const [login, snapshots, sessions, paused, claims] = await Promise.all([
    engine.board.login(),
    Promise.all(units.map(({ repo }) => engine.board.snapshot(repo, { maxAgeMs }))),
    engine.sessions.list(),
    engine.host.paused(),
    engine.host.claims(),
  ]);
  const nowMs = engine.clock.now();
  const { fleet } = engine.host.identity;
  const own = { fleet, sessions, settings: engine.settings, nowMs };
  const world: World = {
    version: 1,
    now: new Date(nowMs).toISOString(),
    login,
    config: engine.config,
    targets: engine.targets,
    specHash: specHashOf(units, snapshots, options.unit),
    spentToday: sumOf([...refs].map(([repo, view]) => spentTodayIn(view, { ...own, repo }))),
    repos: Object.fromEntries(
      snapshots.map(snapshot => [snapshot.repo, repoStateOf(snapshot, trustOf(engine.settings, login))]),
    ),
    references: {},
    leases: [...refs].flatMap(([repo, view]) => {
      const snapshot = snapshots.find(one => one.repo.toLowerCase() === repo.toLowerCase()) ?? null;
      return leasesOf(engine, liveness, { repo, view, nowMs, snapshot });
    }),
    host: {
      paused: paused || options.stopping,
      capabilities: listOf(engine.settings.HARNESS_HOST_CAPABILITIES),
      claims,
      sessions: sessions.flatMap(session => sessionStateOf(session, engine.settings)),
      agents: agentBreakers([...refs].flatMap(statesIn), fleet, cooling(engine, nowMs)),
    },
    unit: options.unit,
    lane: 'pool',
  };
  return {
    world: { ...world, references: await engine.board.references(unreadReferences(world)) },
    snapshots: new Map(snapshots.map(snapshot => [snapshot.repo.toLowerCase(), snapshot])),
    refs: new Map([...refs].map(([repo, view]) => [repo.toLowerCase(), view])),
    sessions: sessions.filter(({ plan }) => !plan.review),
    reviewers: sessions.filter(({ plan }) => plan.review),
    readAt,
  };
}

async function readRefs(
  engine: Engine,
  units: readonly Unit[],
  { leasesOf: which, unit }: ObserveOptions,
): Promise<ReadonlyMap<string, RefsView>> {
  const wanted = units.filter(({ id }) => which === 'all' || id === unit);
  return new Map(
    await Promise.all(wanted.map(async ({ repo }) => [repo, await engine.refs.read(repo)] as const)),
  );
}

// A running fleet's snapshot is never older at work; at rest it may be, and then the look reads for itself.
const LOOK_MAX_AGE_MS = 60_000;

/** One look from outside the loop, for the commands that only read. */
export function look(engine: Engine): Promise<Seen> {
  const liveness = createLiveness(engine.clock, engine.host, engine.settings.HARNESS_LEASE_TTL * 1000);
  const maxAgeMs = Math.min(LOOK_MAX_AGE_MS, engine.settings.HARNESS_POLL * 1000);
  return observe(engine, liveness, { unit: null, leasesOf: 'all', maxAgeMs, stopping: false });
}

/** The part of a snapshot that is decided on. Which PRDs came from the plan, their keys tell. */
export function repoStateOf(
  { read, issues, plan, planId, specHash, workflow, ci, branches, pulls }: Snapshot,
  { trusts }: Trust,
): RepoState {
  const prds = issues.filter(
    ({ body, author }) => keyIn(body)?.scope === planScope(planId) && trusts(author),
  );
  const plans = { ...plan, prds: prds.map(({ number }) => number) };
  return { read, issues, plan: plans, specHash, workflow, ci, branches, pulls };
}

/** The specification of the unit that is decided for; of all units it is that of the first. */
function specHashOf(
  units: readonly Unit[],
  snapshots: readonly Snapshot[],
  unit: string | null,
): string | null {
  const { repo } = units.find(({ id }) => id === unit) ?? units[0] ?? { repo: '' };
  return snapshots.find(snapshot => snapshot.repo.toLowerCase() === repo.toLowerCase())?.specHash ?? null;
}

const statesIn = ([repo, { journals }]: readonly [string, RefsView]): States =>
  journals.map(({ ref, entries }) => [`${repo} ${ref}`, foldJournal(entries)]);

const cooling = ({ settings }: Engine, nowMs: number) => ({
  nowMs,
  minutes: settings.HARNESS_BREAKER_MINUTES,
});

function leasesOf(
  engine: Engine,
  liveness: Liveness,
  {
    repo,
    view,
    nowMs,
    snapshot,
  }: {
    readonly repo: string;
    readonly view: RefsView;
    readonly nowMs: number;
    readonly snapshot: Snapshot | null;
  },
): readonly LeaseState[] {
  return view.journals.flatMap(journal => {
    const issue = issueOf(journal.ref);
    return issue === null && !journal.ref.startsWith(STAGE_REFS)
      ? []
      : [leaseStateOf(engine, liveness, { repo, issue, journal, hosts: view.hosts, nowMs, snapshot })];
  });
}

function leaseStateOf(
  engine: Engine,
  liveness: Liveness,
  {
    repo,
    issue,
    journal,
    hosts,
    nowMs,
    snapshot,
  }: {
    repo: string;
    issue: number | null;
    journal: Journal;
    hosts: readonly HostRecord[];
    nowMs: number;
    snapshot: Snapshot | null;
  },
): LeaseState {
  const state = foldJournal(journal.entries);
  const { fleet } = engine.host.identity;
  const { breaker, until } = breakerOfIssue(state, cooling(engine, nowMs));
  const holder = journal.problem ? 'unreadable' : holderOf(state, fleet);
  const wait =
    snapshot &&
    waitOf(engine, { issue, at: nameOfWork(engine, repo, issue), entries: journal.entries, snapshot });
  return {
    scope: issue === null ? 'stage' : 'issue',
    repo,
    issue,
    holder,
    live:
      holder !== '' &&
      (holder === 'me' || journal.problem !== null || liveness.isLive(repo, journal, state, hosts)),
    attempts: state.attempts,
    failures: state.failures.map(failure => failure.signature),
    notBefore: notBefore(state, engine.settings.HARNESS_BACKOFF),
    spend: state.spentUsd,
    minutes: state.spentSeconds === null ? null : state.spentSeconds / 60,
    breaker,
    breakerUntil: until,
    question: state.question,
    replanned: replannedIn(state.receipts),
    contest: isContestDue(state.receipts),
    landing: state.landing && (state.landing.head ?? state.landing.nonce),
    waits: wait?.reason ?? null,
    review: wait?.wantsReviewer ?? false,
    gates: (wait?.gates ?? state.landing?.gates ?? state.receipts.at(-1)?.gates ?? []).map(
      ({ gate, verdict, reason }) => ({ gate, verdict, reason }),
    ),
  };
}

function holderOf({ holder }: JournalState, fleet: string): string {
  if (!holder) return '';
  return holder.fleet === fleet ? 'me' : holder.fleet;
}

/** The issue number of `refs/harness/issues/<n>`; null for any other ref. */
export function issueOf(ref: string): number | null {
  const number = /^refs\/harness\/issues\/([1-9]\d*)$/.exec(ref)?.[1];
  return number === undefined ? null : Number(number);
}

/** The journal of an issue among what was seen; null when nobody ever took it. */
export function journalOf(seen: Seen, repo: string, issue: number | null): Journal | null {
  const view = seen.refs.get(repo.toLowerCase());
  return view ? journalIn(view, { unit: seen.world.unit ?? 'main', issue }) : null;
}

/** The same among the refs of one repository. */
export const journalIn = (
  { journals }: RefsView,
  work: { readonly unit: string; readonly issue: number | null },
): Journal | null => journals.find(({ ref }) => ref === workRef(work)) ?? null;

// A session that ended without a valid outcome is no session any more: its attempt is an interrupted one.
function sessionStateOf(session: Session, settings: Settings): readonly SessionState[] {
  const { plan, state, outcome } = session;
  const alive = state === 'starting' || state === 'running';
  if (!alive && (outcome.kind !== 'valid' || plan.review)) return [];
  return [
    {
      kind: plan.kind,
      ...(plan.review ? { ofChange: true } : {}),
      repo: plan.repo,
      issue: plan.issue,
      startedAt: session.startedAt,
      lastActivityAt: session.lastActivityAt,
      outcome: outcome.kind === 'valid' && !alive ? outcome.outcome.status : null,
      spend: costOf(session.usage, settings.HARNESS_PRICES),
      question: session.question,
    },
  ];
}

const listOf = (text: string) =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
