import { describe, expect, it } from 'vitest';
import { foldJournal } from '../../src/core/journal.ts';
import { createLiveness } from '../../src/loop/liveness.ts';
import type { Host, HostRecord, Journal } from '../../src/ports.ts';
import { aJournal } from '../helpers/journal.ts';

const TTL = 300_000;
const REF = 'refs/harness/issues/7';

function setUp(isGone = false) {
  const clock = { at: 0 };
  const host = { identity: { fleet: 'here' }, isGone: () => isGone } as unknown as Host;
  const liveness = createLiveness({ now: () => 0, monotonic: () => clock.at, nonce: () => '' }, host, TTL);
  const entries = aJournal(['claim', { fleet: 'there' }]);
  const journal: Journal = { ref: REF, tip: 'j1', entries, problem: null };
  /** Looks at one moment, at a host record with this tip. */
  const look = (at: number, record: string | null = null) => {
    clock.at = at;
    const hosts = record === null ? [] : [aRecord(record)];
    liveness.note('acme/app', { journals: [journal], hosts }, at);
    return liveness.isLive('acme/app', journal, foldJournal(entries), hosts);
  };
  return { clock, liveness, journal, look };
}

const aRecord = (tip: string): HostRecord => ({
  ref: 'refs/harness/hosts/there-b1',
  tip,
  at: '2026-01-01T00:00:00.000Z',
  body: {
    v: 1,
    fleet: 'there',
    host: 'h',
    boot: 'b1',
    nonce: tip,
    policyDigest: 'p',
    leases: [{ ref: REF, epoch: 1, worker: 'w1' }],
  },
});

describe("another fleet's lease", () => {
  it('lives for the whole time-to-live after it was seen first, however old it is', () => {
    const { look } = setUp();
    expect(look(1_000_000)).toBe(true);
    expect(look(1_000_000 + TTL)).toBe(true);
  });

  it('is dead when nothing about it has moved for a little longer than that', () => {
    const { look } = setUp();
    look(0);
    expect(look(1.05 * TTL)).toBe(false);
  });

  it('lives on while a host record that lists it moves', () => {
    const { look } = setUp();
    look(0, 'r1');
    look(0.9 * TTL, 'r2');
    expect(look(1.8 * TTL, 'r2')).toBe(true);
    expect(look(2 * TTL, 'r2')).toBe(false);
  });

  it('is judged by when the refs were read, not by when the judge goes on after a stop', () => {
    const { clock, liveness, journal, look } = setUp();
    look(0);
    look(1_000);
    clock.at = 10 * TTL;
    expect(liveness.isLive('acme/app', journal, foldJournal(journal.entries), [])).toBe(true);
  });

  it('is dead at once when its holder was a process of this host that is gone', () => {
    expect(setUp(true).look(0)).toBe(false);
  });
});
