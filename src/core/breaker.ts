import type { Failure, FailureClass, JournalEntry } from './contracts.ts';
import type { JournalState } from './journal.ts';
import type { AgentState } from './world.ts';

/** Whether something that failed in the same way again and again may be tried. */
export interface Breaker {
  /** `half-open`: one probe may go. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** ISO 8601: an open one is half open then; null when it is closed. */
  readonly until: string | null;
}

/** When now is, in milliseconds since the epoch, and HARNESS_BREAKER_MINUTES. */
export interface Cooling {
  readonly nowMs: number;
  readonly minutes: number;
}

const SAME_FAILURES = 3;

/** An issue's breaker opens when its last failure came three times since the last success. */
export function breakerOfIssue(
  { failures, receipts }: Pick<JournalState, 'failures' | 'receipts'>,
  cooling: Cooling,
): Breaker {
  const signature = failures.at(-1)?.signature;
  const same = failures.filter(failure => failure.signature === signature);
  const last = receipts.findLast(({ failure }) => failure?.signature === signature);
  if (same.length < SAME_FAILURES || !last) return { breaker: 'closed', until: null };
  return since(Date.parse(last.at) + cooling.minutes * 60_000, cooling);
}

function since(untilMs: number, { nowMs }: Cooling): Pick<AgentState, 'breaker' | 'until'> {
  return { breaker: nowMs < untilMs ? 'open' : 'half-open', until: new Date(untilMs).toISOString() };
}

/** What the journals of a repository's issues say, by ref. */
export type States = readonly (readonly [ref: string, state: JournalState])[];

/** Whether a session failed because its agent could not work: a limit, its login, its account. */
export const isOfAgent = ({ class: kind }: Failure): boolean => OF_AGENT.has(kind);

/**
 * The breakers of a fleet's agents that are not closed. A usage limit opens one at once when it is known how long it
 * lasts, for every other session would run into it; else two issues have to fail in the same way, or one three times
 * in a row. Whatever shows that the agent works closes it; a person's `retry` lets a probe go at once.
 */
export function agentBreakers(states: States, fleet: string, cooling: Cooling): readonly AgentState[] {
  const told = states.flatMap(toldIn).filter(({ end }) => end.fleet === fleet);
  const own = told.sort(byTime);
  const profiles = [...new Set(own.map(({ profile }) => profile))];
  const retries = states.flatMap(([, { retriedAt }]) => (retriedAt === null ? [] : Date.parse(retriedAt)));
  return profiles.flatMap(profile => {
    const run = lastRun(own.filter(one => one.profile === profile));
    const breaker = breakerOfRun(run, Math.max(...retries), cooling);
    return breaker === null ? [] : { profile, ...breaker };
  });
}

/** The end of a session, and the agent whose it was. */
interface Told {
  readonly ref: string;
  readonly profile: string;
  readonly end: JournalEntry;
}

/** What the sessions on an issue tell of their agents: those that made changes, and those that reviewed one. */
function toldIn([ref, { receipts, reviews }]: States[number]): readonly Told[] {
  return [
    ...receipts.flatMap(end => (end.profile && isTelling(end) ? [{ ref, profile: end.profile, end }] : [])),
    ...reviews.flatMap(end => (end.review ? [{ ref, profile: end.review.by, end }] : [])),
  ];
}

const byTime = (a: Told, b: Told) => Date.parse(a.end.at) - Date.parse(b.end.at);

const OF_AGENT: ReadonlySet<FailureClass | undefined> = new Set(['quota', 'authentication', 'billing']);

// How these ended says nothing of whether the agent could work.
const TELLS_NOTHING: ReadonlySet<FailureClass | undefined> = new Set([
  'interrupted',
  'cancelled',
  'budget',
  'engine',
  'refused',
  'api',
]);

const isTelling = ({ failure }: JournalEntry) => !TELLS_NOTHING.has(failure?.class);

/** The failures of one class that came last. */
function lastRun(told: readonly Told[]): readonly Told[] {
  const kind = told.at(-1)?.end.failure?.class;
  if (!OF_AGENT.has(kind)) return [];
  return told.slice(told.findLastIndex(({ end }) => end.failure?.class !== kind) + 1);
}

function breakerOfRun(
  run: readonly Told[],
  retriedMs: number,
  cooling: Cooling,
): Omit<AgentState, 'profile'> | null {
  const last = run.at(-1)?.end;
  if (!last?.failure) return null;
  const lifted = run.flatMap(({ end: { failure } }) =>
    failure?.resetsAt ? Date.parse(failure.resetsAt) : [],
  );
  const issues = new Set(run.map(({ ref }) => ref)).size;
  if (lifted.length === 0 && issues < 2 && run.length < SAME_FAILURES) return null;
  const lastMs = Date.parse(last.at);
  // A probe that met the limit after that shows that what was told is of no use.
  const liftedMs = Math.max(...lifted);
  const untilMs = liftedMs > lastMs ? liftedMs : lastMs + cooling.minutes * 60_000;
  const { class: kind, message } = last.failure;
  const reason = `${kind}: ${message}`;
  return { ...since(retriedMs > lastMs ? retriedMs : untilMs, cooling), reason };
}
