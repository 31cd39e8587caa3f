import type { Settings } from '../core/settings.ts';

/** What decides how soon to look at GitHub again. */
export interface Pace {
  /** Milliseconds since there was anything to do; 0 while there is. */
  readonly quietMs: number;
  /** Never slower than this. */
  readonly longestMs: number;
}

const STEPS: readonly { readonly untilQuietMs: number; readonly lookMs: number }[] = [
  { untilQuietMs: 5 * 60_000, lookMs: 5_000 },
  { untilQuietMs: 30 * 60_000, lookMs: 15_000 },
  { untilQuietMs: Number.POSITIVE_INFINITY, lookMs: 60_000 },
];

/** Milliseconds until the next look: seconds while there is work and just after, longer at rest. */
export function nextLookMs({ quietMs, longestMs }: Pace): number {
  const step = STEPS.find(({ untilQuietMs }) => quietMs < untilQuietMs);
  return Math.min(step?.lookMs ?? longestMs, longestMs);
}

/** A snapshot may be a little younger than the pause between two looks, or every other look would be for nothing. */
export const maxAgeFor = (lookMs: number) => Math.round(lookMs * 0.8);

/** The longest time between two looks: one look is for all work, so the bug lane's bound counts, too. */
export const longestLookMs = (settings: Pick<Settings, 'HARNESS_POLL' | 'HARNESS_PRIORITY_POLL'>) =>
  Math.min(settings.HARNESS_POLL, settings.HARNESS_PRIORITY_POLL) * 1000;

/**
 * How long to rest before the next look: up to a fifth less, by a share (0 to 1) that is each worker's own. Hosts
 * that were started together then don't ask together, and none asks more rarely than it may.
 */
export const restFor = (lookMs: number, share: number) => Math.round(lookMs * (1 - share / 5));
