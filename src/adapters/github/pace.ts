/** How often to look at one repository, in milliseconds. */
export interface Pace {
  /** A look may be this old, by whatever means. */
  readonly lookMs: number;
  /** A conditional request may be this old. */
  readonly probeMs: number;
  /** Checks and other things that the probe does not show. */
  readonly checksMs: number;
  /** Between two probes one query about many repositories tells which of them have moved. */
  readonly isSwept: boolean;
}

/**
 * A token's share of conditional requests for one repository: 200 a minute over all of them. GitHub names no
 * limit for answers 304; Prow's proxy keeps to as much in production. A quarter is left for what the probe
 * does not show.
 */
const SHARE_MS = 375;

/** A caller that asks for less is busy: it gets sweeps where its share of probes does not suffice. */
export const BUSY_MS = 10_000;

const CHECKS_PER_PROBE = 12;

/** The pace of a caller that accepts `maxAgeMs`, on a token that watches so many repositories; 0 means now. */
export function paceOf(maxAgeMs: number, watched: number): Pace {
  const shareMs = SHARE_MS * watched;
  const checksMs = CHECKS_PER_PROBE * shareMs;
  if (maxAgeMs === 0) return { lookMs: 0, probeMs: 0, checksMs, isSwept: false };
  const probeMs = Math.max(maxAgeMs, shareMs);
  const isSwept = maxAgeMs < BUSY_MS && shareMs > maxAgeMs;
  return { lookMs: isSwept ? maxAgeMs : probeMs, probeMs, checksMs, isSwept };
}

/**
 * Whether `time` is at most so long before `askedAt`. A time far ahead was written before the clock was set
 * back.
 */
export function isWithin(time: number, askedAt: number, maxAgeMs: number): boolean {
  return time >= askedAt - maxAgeMs && time <= askedAt + CLOCK_STEP_MS;
}

const CLOCK_STEP_MS = 60_000;
