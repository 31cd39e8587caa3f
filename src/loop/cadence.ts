/** What decides how soon to look at GitHub again. */
export interface Pace {
  /** Sessions, landings or dispatchable work are there. */
  readonly isBusy: boolean;
  /** Milliseconds since there was anything to do. */
  readonly quietMs: number;
  /** HARNESS_POLL in milliseconds: never slower than this. */
  readonly longestMs: number;
}

const BUSY_MS = 5_000;
const QUIET_MS = 15_000;
const IDLE_MS = 60_000;
const IDLE_AFTER_MS = 30 * 60_000;

/** Milliseconds until the next look: seconds while there is work, longer at rest. */
export function nextLookMs({ isBusy, quietMs, longestMs }: Pace): number {
  if (isBusy) return Math.min(BUSY_MS, longestMs);
  return Math.min(quietMs < IDLE_AFTER_MS ? QUIET_MS : IDLE_MS, longestMs);
}
