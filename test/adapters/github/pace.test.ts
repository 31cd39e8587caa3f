import { describe, expect, it } from 'vitest';
import { paceOf } from '../../../src/adapters/github/pace.ts';

/** Conditional requests a minute of a caller of so many repositories: the probe, and two for the checks. */
function perMinute(maxAgeMs: number, watched: number): number {
  const { probeMs, checksMs } = paceOf(maxAgeMs, watched);
  return watched * (60_000 / probeMs + (2 * 60_000) / Math.max(checksMs, 60_000));
}

describe('the pace', () => {
  it.each([1, 10, 50, 200, 1_000])('keeps %i repositories below 200 requests a minute', watched => {
    for (const maxAgeMs of [4_000, 12_000, 48_000]) {
      expect(perMinute(maxAgeMs, watched)).toBeLessThanOrEqual(200);
    }
  });

  it('is what was asked for while the share of a token suffices', () => {
    expect(paceOf(4_000, 10)).toMatchObject({ lookMs: 4_000, probeMs: 4_000, isSwept: false });
    expect(paceOf(48_000, 100)).toMatchObject({ lookMs: 48_000, probeMs: 48_000, isSwept: false });
  });

  it('is held by sweeps while there is work in more repositories than that', () => {
    expect(paceOf(4_000, 50)).toMatchObject({ lookMs: 4_000, probeMs: 18_750, isSwept: true });
  });

  it('stretches at rest, where nothing is spent', () => {
    expect(paceOf(48_000, 200)).toMatchObject({ lookMs: 75_000, probeMs: 75_000, isSwept: false });
  });

  it('is at once for whoever must know now', () => {
    expect(paceOf(0, 1_000)).toMatchObject({ lookMs: 0, probeMs: 0, isSwept: false });
  });
});
