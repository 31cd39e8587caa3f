import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/core/contracts.ts';
import type { EntryFacts } from '../../src/core/journal.ts';
import { parseSettings } from '../../src/core/parse-settings.ts';
import { daySpendOf, type OwnSpending, spentTodayIn } from '../../src/loop/spending.ts';
import { UNKNOWN_USAGE } from '../../src/loop/usage.ts';
import type { HostRecord, RefsView, Session } from '../../src/ports.ts';
import { aJournal } from '../helpers/journal.ts';

const TODAY = '2026-01-02';

const own: OwnSpending = {
  repo: 'acme/app',
  fleet: 'here',
  sessions: [],
  settings: parseSettings({}),
  nowMs: Date.parse(`${TODAY}T12:00:00Z`),
};

const receipt = (fleet: string, costUsd: number | null, facts: Partial<EntryFacts> = {}) =>
  ['receipt', { fleet, at: `${TODAY}T10:00:00Z`, usage: { ...UNKNOWN_USAGE, costUsd }, ...facts }] as const;

const host = (fleet: string, spend: { day: string; costUsd: number | null }): HostRecord => ({
  ref: `refs/harness/hosts/${fleet}-b`,
  tip: fleet,
  at: `${TODAY}T11:00:00Z`,
  body: {
    v: 1,
    fleet,
    host: 'h',
    boot: 'b',
    nonce: 'n',
    policyDigest: 'p',
    leases: [],
    spend,
  },
});

const view = (entries: readonly JournalEntry[], hosts: readonly HostRecord[] = []): RefsView => ({
  journals: [{ ref: 'refs/harness/issues/1', tip: 't', entries, problem: null }],
  hosts,
});

const running = (nonce: string, costUsd: number | null) =>
  ({
    plan: { repo: 'ACME/app', nonce },
    usage: { requests: null, tokens: null, costUsd, activeSeconds: null },
  }) as Session;

describe("the day's spending", () => {
  it('is unknown when nobody tells of any', () => {
    expect(spentTodayIn(view(aJournal(receipt('here', null))), own)).toBeNull();
  });

  it("sums the receipts of all fleets, of today's alone", () => {
    const links = [
      receipt('here', 1),
      receipt('there', 2),
      receipt('there', 50, { at: '2026-01-01T23:59:59Z' }),
    ];
    expect(spentTodayIn(view(aJournal(...links)), own)).toBe(3);
  });

  it('counts sessions of this fleet that have no receipt yet, once', () => {
    const links = [receipt('here', 1, { session: 'settled' })];
    const sessions = [running('settled', 1), running('live', 0.5), running('silent', null)];
    expect(daySpendOf(view(aJournal(...links)), { ...own, sessions })).toEqual({ day: TODAY, costUsd: 1.5 });
  });

  it('takes from the record of another fleet what its receipts do not tell yet', () => {
    const hosts = [
      host('there', { day: TODAY, costUsd: 7 }),
      host('gone', { day: '2026-01-01', costUsd: 9 }),
    ];
    expect(spentTodayIn(view(aJournal(receipt('here', 1), receipt('there', 2)), hosts), own)).toBe(8);
  });
});
