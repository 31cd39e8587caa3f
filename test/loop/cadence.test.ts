import { describe, expect, it } from 'vitest';
import { longestLookMs, maxAgeFor, nextLookMs, restFor } from '../../src/loop/cadence.ts';

const MINUTE = 60_000;

describe('the cadence', () => {
  it.each([
    ['at work', 0, 5_000],
    ['just after', 4 * MINUTE, 5_000],
    ['for a while', 10 * MINUTE, 15_000],
    ['at rest', 60 * MINUTE, 60_000],
  ])('is seconds at work and longer at rest: %s', (_when, quietMs, lookMs) => {
    expect(nextLookMs({ quietMs, longestMs: 300_000 })).toBe(lookMs);
  });

  it('is never slower than HARNESS_POLL and HARNESS_PRIORITY_POLL', () => {
    expect(longestLookMs({ HARNESS_POLL: 300, HARNESS_PRIORITY_POLL: 20 })).toBe(20_000);
    expect(longestLookMs({ HARNESS_POLL: 10, HARNESS_PRIORITY_POLL: 60 })).toBe(10_000);
    expect(nextLookMs({ quietMs: 60 * MINUTE, longestMs: 20_000 })).toBe(20_000);
    expect(nextLookMs({ quietMs: 0, longestMs: 2_000 })).toBe(2_000);
  });

  it('differs from worker to worker, within what makes every look worth its while', () => {
    const rests = [0, 0.5, 1].map(share => restFor(5_000, share));
    expect(rests).toEqual([5_000, 4_500, 4_000]);
    expect(Math.min(...rests)).toBeGreaterThanOrEqual(maxAgeFor(5_000));
  });
});
