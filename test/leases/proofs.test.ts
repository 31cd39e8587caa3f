import { describe, expect, it } from 'vitest';
import { createProofs } from '../../src/leases/proofs.ts';

const TTL = 300_000;
const REF = 'refs/harness/issues/7';

function setUp() {
  const clock = { at: 0, slept: 0, skew: 0 };
  const proofs = createProofs(
    { now: () => clock.at + clock.skew, monotonic: () => clock.at - clock.slept },
    TTL,
  );
  const pass = (ms: number) => {
    clock.at += ms;
  };
  return {
    clock,
    proofs,
    pass,
    move: () => proofs.moved('acme/app', REF, proofs.moment()),
    list: () => proofs.listed('acme/app', REF, proofs.moment()),
    holds: () => proofs.holds('acme/app', REF),
  };
}

describe('the proof of a lease', () => {
  it('is missing for a lease that this process never moved', () => {
    expect(setUp().holds()).toBe(false);
  });

  it('lasts for three fifths of the time-to-live', () => {
    const { move, pass, holds } = setUp();
    move();
    pass(0.6 * TTL - 1);
    expect(holds()).toBe(true);
    pass(1);
    expect(holds()).toBe(false);
  });

  it('counts from before the push was sent', () => {
    const { proofs, pass, holds } = setUp();
    const sentAt = proofs.moment();
    pass(TTL);
    proofs.moved('acme/app', REF, sentAt);
    expect(holds()).toBe(false);
  });

  it('ends while the host sleeps, though its monotonic clock stands still', () => {
    const { clock, move, pass, holds } = setUp();
    move();
    pass(TTL);
    clock.slept = TTL;
    expect(holds()).toBe(false);
  });

  it('ends in time, though somebody sets the clock back', () => {
    const { clock, move, pass, holds } = setUp();
    move();
    pass(TTL);
    clock.skew = -TTL;
    expect(holds()).toBe(false);
  });

  it('is renewed by a host record that lists the lease', () => {
    const { move, list, pass, holds } = setUp();
    move();
    pass(0.5 * TTL);
    list();
    pass(0.5 * TTL);
    expect(holds()).toBe(true);
  });

  it.each([0.6, 1])(
    'is not brought back by a host record: others may be on the way (%f of the time)',
    part => {
      const { move, list, pass, holds } = setUp();
      move();
      pass(part * TTL);
      list();
      expect(holds()).toBe(false);
    },
  );

  it('ends with the lease, and a host record does not bring it back', () => {
    const { proofs, move, list, holds } = setUp();
    move();
    proofs.released('acme/app', REF);
    list();
    expect(holds()).toBe(false);
  });
});
