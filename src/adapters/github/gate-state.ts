import * as z from 'zod';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import type { Budget, Limit } from './limits.ts';

const Breaker = z.object({
  /** Nothing is sent before this time. Epoch milliseconds, like the others. */
  openUntil: z.number(),
  /** Then one request probes; nobody else sends another one before this time. */
  probeUntil: z.number(),
  /** Limits in a row, for the back-off where GitHub names no time. */
  strikes: z.int(),
});
type Breaker = Readonly<z.infer<typeof Breaker>>;

const State = z.object({
  version: z.literal(1),
  nextWriteAt: z.number(),
  breakers: z.partialRecord(z.enum(['core', 'graphql', 'all'] satisfies Budget[]), Breaker),
});

/** What all processes of this user that have the same token know of its limits. */
export type GateState = Readonly<z.infer<typeof State>>;

export const OPEN_GATE: GateState = { version: 1, nextWriteAt: 0, breakers: {} };

export const gateFormat: LineFormat<GateState> = oneLine(State);

/** GitHub docs, "Rate limits": wait at least a minute when no time is named, then longer each time. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_660_000;

/** What a request against this budget has to do now. */
export type Passage =
  | { readonly kind: 'open' }
  /** A limit has ended: one request may find out whether it has. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'limited'; readonly until: number };

export function passageOf(state: GateState, budget: Budget, now: number): Passage {
  const breakers = breakersOf(state, budget);
  if (breakers.length === 0) return { kind: 'open' };
  const ends = breakers.flatMap(breaker => [breaker.openUntil, breaker.probeUntil]);
  const until = Math.max(...ends.filter(end => isAhead(end, now)));
  return Number.isFinite(until) ? { kind: 'limited', until } : { kind: 'probe' };
}

/** Keeps others from probing for so long. */
export function withProbe(state: GateState, budget: Budget, probeUntil: number): GateState {
  const probed = namesOf(state, budget).map(name => [name, { ...state.breakers[name], probeUntil }] as const);
  return { ...state, breakers: { ...state.breakers, ...Object.fromEntries(probed) } };
}

/** After an answer that announced a limit. */
export function withLimit(state: GateState, limit: Limit, now: number): GateState {
  const strikes = (state.breakers[limit.budget]?.strikes ?? 0) + 1;
  const backoffMs = Math.min(FIRST_WAIT_MS * 2 ** (strikes - 1), LONGEST_WAIT_MS);
  const breaker = { openUntil: now + (limit.waitMs ?? backoffMs), probeUntil: 0, strikes };
  return { ...state, breakers: { ...state.breakers, [limit.budget]: breaker } };
}

/** After an answer without a limit; one to a request sent before a limit began does not end it. */
export function withoutEndedLimits(state: GateState, budget: Budget, now: number): GateState {
  const ended = namesOf(state, budget).filter(name => !isAhead(state.breakers[name]?.openUntil ?? 0, now));
  if (ended.length === 0) return state;
  const left = Object.entries(state.breakers).filter(([name]) => !ended.includes(name as Budget));
  return { ...state, breakers: Object.fromEntries(left) };
}

/** The next write's turn: when it is, and the state in which it is taken. */
export function takeTurn(
  state: GateState,
  now: number,
  spacingMs: number,
): { readonly state: GateState; readonly at: number } {
  const at = isAhead(state.nextWriteAt, now) ? state.nextWriteAt : now;
  return { state: { ...state, nextWriteAt: at + spacingMs }, at };
}

/** A time further ahead than any limit lasts was written before the clock was set back. */
const isAhead = (time: number, now: number): boolean => time > now && time - now <= LONGEST_WAIT_MS;

/** Limits that stop this budget: its own and the one of everything. */
const namesOf = (state: GateState, budget: Budget): readonly Budget[] =>
  (['all', budget] as const).filter(name => state.breakers[name] !== undefined);

const breakersOf = (state: GateState, budget: Budget): readonly Breaker[] =>
  namesOf(state, budget).flatMap(name => state.breakers[name] ?? []);
