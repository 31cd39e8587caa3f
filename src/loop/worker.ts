import { decideLanes } from '../core/decide.ts';
import type { Decision, Finding, UnitDecision } from '../core/decision.ts';
import { unitsOf } from '../core/units.ts';
import { isOurs } from '../core/work.ts';
import { messageOf } from '../errors.ts';
import { sha256 } from '../leases/digest.ts';
import { longestLookMs, maxAgeFor, nextLookMs, restFor } from './cadence.ts';
import type { Engine } from './engine.ts';
import { createFindingsLog, createTurnLog, findingsOfRead } from './findings.ts';
import { createFlights, type Flights } from './flights.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { createLiveWork, type LiveWork } from './live-work.ts';
import { createLiveness, type Liveness } from './liveness.ts';
import { type ObserveOptions, observe, type Seen } from './observe.ts';
import { createPutDown, type Grace, type PutDown } from './put-down.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import { type ClearDeserted, createClearDeserted, takeUnit } from './take-unit.ts';

/** How a worker is told to stop. */
export interface Stop {
  /** Aborts when the worker should start nothing new, put down what runs, and end. */
  readonly signal: AbortSignal;
  /** Milliseconds that live sessions get to finish by themselves, counted from the stop. */
  readonly graceMs: () => number;
}

/** What a worker keeps between two turns; losing it costs time and nothing else. */
interface Crew {
  readonly engine: Engine;
  readonly flights: Flights;
  readonly liveness: Liveness;
  readonly heartbeat: Heartbeat;
  readonly liveWork: LiveWork;
  /** Tells people of what keeps work from going on. */
  readonly sayFindings: (findings: readonly Finding[]) => void;
  /** Tells people why turns fail; null when they don't. */
  readonly sayTurn: (problem: string | null) => void;
  /** Of its cadence, 0 to 1. */
  readonly share: number;
  readonly putDown: PutDown;
  readonly clearDeserted: ClearDeserted;
  /** Units that were left since nothing could be done in them, and until when others come first (monotonic). */
  readonly left: Map<string, number>;
  readonly stop: Stop;
}

/** Where a turn leaves a worker: the unit that it drives, and how long it may rest. */
interface Turn {
  readonly unit: string | null;
  readonly isBusy: boolean;
  readonly restMs: number;
}

// A standby looks only at local claim files: it can afford to see a death within a second.
const STANDBY_MS = 1_000;
const STOPPING_MS = 250;
const LEAST_REST_MS = 50;
const LEFT_MS = 60_000;
const AFTER_FAILURE_MS = 2_000;
// What could not be put down this long after the grace period is left to the next start.
const GIVE_UP_MS = 30_000;

/**
 * A resident worker: claims a unit and drives it, turn by turn, until it is told to stop. Without a unit it is
 * a standby that takes one as soon as it is free.
 */
export async function runWorker(engine: Engine, stop: Stop): Promise<void> {
  const crew = createCrew(engine, stop);
  let unit: string | null = null;
  let busyAt = engine.clock.monotonic();
  while (unit !== null || !stop.signal.aborted) {
    const quietMs = engine.clock.monotonic() - busyAt;
    const turn = await takeTurn(crew, unit, quietMs);
    if (turn.isBusy) busyAt = engine.clock.monotonic();
    unit = turn.unit;
    await rest(crew, turn.restMs);
  }
}

/**
 * Does what a worker does that is told to stop, in every unit that no living worker has: ends what runs and saves
 * what it has. For a fleet whose workers are gone.
 */
export async function putDownFleet(engine: Engine, graceMs: () => number): Promise<void> {
  const crew = createCrew(engine, { signal: AbortSignal.abort(), graceMs });
  for (const claimed of unitsOf(engine.settings, engine.targets)) {
    if (!(await takeUnit(engine, claimed))) continue;
    for (let unit: string | null = claimed.id; unit !== null; ) {
      const turn: Turn = await takeTurn(crew, unit, 0);
      unit = turn.unit;
      await rest(crew, turn.restMs);
    }
  }
}

const createCrew = (engine: Engine, stop: Stop): Crew => ({
  engine,
  flights: createFlights(engine.log),
  liveness: createLiveness(engine.clock, engine.host, engine.settings.HARNESS_LEASE_TTL * 1000),
  heartbeat: createHeartbeat(engine),
  liveWork: createLiveWork(engine),
  sayFindings: createFindingsLog(engine.log),
  sayTurn: createTurnLog(engine.log),
  share: shareOf(engine),
  putDown: createPutDown(engine),
  clearDeserted: createClearDeserted(engine),
  left: new Map(),
  stop,
});

async function takeTurn(crew: Crew, unit: string | null, quietMs: number): Promise<Turn> {
  try {
    const turn = unit === null ? await seekUnit(crew, quietMs) : await driveUnit(crew, unit, quietMs);
    crew.sayTurn(null);
    return turn;
  } catch (error) {
    crew.sayTurn(messageOf(error));
    if (unit === null || !hasGivenUp(crew.stop)) return { unit, isBusy: false, restMs: AFTER_FAILURE_MS };
    await crew.engine.host.releaseUnit(unit);
    return { unit: null, isBusy: false, restMs: 0 };
  }
}

/** A stop must come to an end, whatever can't be read, ended or removed. */
const hasGivenUp = ({ signal, graceMs }: Stop) => signal.aborted && graceMs() <= -GIVE_UP_MS;

/**
 * Claims the first unit that has work to do, or something to conclude: a crash may have come between the last
 * merge and its receipt. Looks at GitHub only when no live worker has them all.
 */
async function seekUnit(crew: Crew, quietMs: number): Promise<Turn> {
  const { engine, liveness, share, stop } = crew;
  const standby = { unit: null, isBusy: false, restMs: STANDBY_MS };
  const claims = await engine.host.claims();
  const units = unitsOf(engine.settings, engine.targets);
  if (stop.signal.aborted) return standby;
  if (units.every(({ id }) => claims.includes(id))) {
    await crew.clearDeserted(units, claims);
    return standby;
  }

  const lookMs = nextLookMs({ quietMs, longestMs: longestLookMs(engine.settings) });
  const maxAgeMs = maxAgeFor(lookMs);
  const options: ObserveOptions = { unit: null, leasesOf: 'all', maxAgeMs, stopping: false };
  const seen = await observe(engine, liveness, options);
  const decision = decideLanes(seen.world);
  for (const unit of inTurn(crew, decision.units, seen)) {
    if (!unit.claimable && !isUnsettled(unit, seen, decision)) continue;
    if (!(await takeUnit(engine, unit))) continue;
    engine.log.info(`drives unit ${unit.id}`);
    return { unit: unit.id, isBusy: true, restMs: 0 };
  }
  await crew.clearDeserted(units, claims);
  return { ...standby, restMs: restFor(lookMs, share) };
}

/**
 * Units that this worker has just left come last. Of the rest, those in which no other fleet is at work come first, so
 * that hosts with few workers spread over them.
 */
function inTurn(crew: Crew, units: readonly UnitDecision[], { world }: Seen): readonly UnitDecision[] {
  const others = world.leases.filter(lease => lease.live && lease.holder !== '' && !isOurs(lease));
  const shared = new Set(others.map(({ repo }) => repo.toLowerCase()));
  const rank = ({ id, repo }: UnitDecision) =>
    2 * Number(wasLeft(crew, id)) + Number(shared.has(repo.toLowerCase()));
  return units.toSorted((a, b) => rank(a) - rank(b));
}

const wasLeft = ({ engine, left }: Crew, id: string) => (left.get(id) ?? 0) > engine.clock.monotonic();

/** Complete, but an attempt in it has no receipt yet, or this host still has a session of it. */
function isUnsettled({ id, repo, complete }: UnitDecision, seen: Seen, { actions }: Decision): boolean {
  return complete && (actions.some(action => action.repo === repo) || sessionsOf(seen, id).length > 0);
}

async function driveUnit(crew: Crew, unit: string, quietMs: number): Promise<Turn> {
  const { engine, flights, liveness, heartbeat, liveWork, stop } = crew;
  const isStopping = stop.signal.aborted;
  const grace = await graceOf(crew);
  // Before GitHub is asked: it may be out of reach just now.
  if (grace) await crew.putDown(unit, grace);
  const lookMs = nextLookMs({ quietMs, longestMs: longestLookMs(engine.settings) });
  const options: ObserveOptions = {
    unit,
    leasesOf: 'unit',
    maxAgeMs: maxAgeFor(lookMs),
    stopping: isStopping,
  };
  // What ends during a turn was not looked at in it.
  const wasAtWork = flights.keys().length > 0;
  const tick = await reconcile(engine, liveness, flights, options);
  const state = tick.decision.units.find(({ id }) => id === unit);
  if (!state) throw new Error(`Unit ${unit} is no longer configured.`);
  if (!grace) liveWork.gather(tick.seen, flights);
  await heartbeat.beat(state.repo, tick.seen, () => liveWork.take(state.repo, tick.seen, flights));
  const { repo } = state;
  const unread = findingsOfRead(tick.seen.snapshots.get(repo.toLowerCase()));
  crew.sayFindings([...tick.decision.findings, ...unread]);

  const isBusy = (wasAtWork || isAtWork(tick, flights, unit)) && !hasGivenUp(stop);
  const isDone = state.complete && !isUnsettled(state, tick.seen, tick.decision);
  if (!isBusy && (isStopping || isDone)) {
    await heartbeat.end(state.repo, tick.seen);
    await engine.host.releaseUnit(unit);
    return { unit: null, isBusy, restMs: isStopping ? 0 : lookMs };
  }
  if (!isBusy && mayLeave(crew, tick, unit)) {
    crew.left.set(unit, engine.clock.monotonic() + LEFT_MS);
    await heartbeat.end(state.repo, tick.seen);
    await engine.host.releaseUnit(unit);
    return { unit: null, isBusy, restMs: 0 };
  }
  if (grace && liveSessions(tick.seen, unit).length > 0) return { unit, isBusy, restMs: STOPPING_MS };
  const soonest = Math.min(restFor(lookMs, crew.share), heartbeat.dueMs(), nextRetryMs(tick));
  return { unit, isBusy, restMs: isStopping ? STOPPING_MS : Math.max(soonest, LEAST_REST_MS) };
}

/** Nothing can be done in this unit for now, and no worker has another one in which something might. */
function mayLeave(crew: Crew, { seen, decision }: Reconciled, unit: string): boolean {
  const { host, leases } = seen.world;
  if (host.paused || decision.actions.length > 0 || sessionsOf(seen, unit).length > 0) return false;
  if (leases.some(isOurs)) return false;
  return decision.units.some(({ id, claimable }) => id !== unit && claimable && !wasLeft(crew, id));
}

/** Milliseconds until the first delay, cool-down or usage limit is over; infinite when nothing is delayed. */
function nextRetryMs({ seen: { world } }: Reconciled): number {
  const times = [
    ...world.leases.flatMap(({ notBefore, breakerUntil }) => [notBefore, breakerUntil]),
    ...world.host.agents.map(({ until }) => until),
  ];
  const waits = times.map(time => Date.parse(time ?? '') - Date.parse(world.now));
  return Math.min(Number.POSITIVE_INFINITY, ...waits.filter(ms => ms > 0));
}

/** Something of this unit runs, or was begun in this turn. */
function isAtWork({ seen }: Reconciled, flights: Flights, unit: string): boolean {
  return flights.keys().length > 0 || liveSessions(seen, unit).length > 0;
}

/** null while nobody asks for live sessions to end. */
async function graceOf({ engine: { host, clock }, stop }: Crew): Promise<Grace | null> {
  const deadline = await host.putDownBy();
  const untilStop = stop.signal.aborted ? stop.graceMs() : Number.POSITIVE_INFINITY;
  if (deadline !== null) return { for: 'pause', leftMs: Math.min(deadline - clock.now(), untilStop) };
  return stop.signal.aborted ? { for: 'stop', leftMs: untilStop } : null;
}

const sessionsOf = ({ sessions }: Pick<Seen, 'sessions'>, unit: string) =>
  sessions.filter(({ plan }) => plan.unit === unit);

const liveSessions = (seen: Pick<Seen, 'sessions'>, unit: string) =>
  sessionsOf(seen, unit).filter(({ state }) => state === 'starting' || state === 'running');

/** The same for one process as long as it lives, and another one for each. */
function shareOf({ host }: Engine): number {
  const { fleet, boot, worker } = host.identity;
  return Number.parseInt(sha256(`${fleet} ${boot} ${worker}`).slice(0, 8), 16) / 0xff_ff_ff_ff;
}

/** Waits for an event, the end of a flight, a stop, or the timer as the safety net. */
async function rest({ engine, flights, stop }: Crew, restMs: number): Promise<void> {
  if (restMs <= 0) return;
  const woken = new AbortController();
  const wake = () => woken.abort('woken');
  if (!stop.signal.aborted) stop.signal.addEventListener('abort', wake, { once: true });
  await Promise.race([engine.host.nextEvent(restMs, woken.signal), flights.landed()]);
  stop.signal.removeEventListener('abort', wake);
  woken.abort('rested');
}
