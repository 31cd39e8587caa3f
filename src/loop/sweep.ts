import { foldJournal } from '../core/journal.ts';
import { isTrain } from '../landing/boarding.ts';
import { appendToLease } from '../leases/lease.ts';
import type { Journal, SessionPlan } from '../ports.ts';
import { keyOf, type Tick, takeoverBy } from './act.ts';
import { journalOf } from './observe.ts';
import { isOpenFor, leaseFrom } from './open-attempt.ts';
import { saveAndClearAway } from './settle.ts';

/**
 * Clears away sessions whose attempt is settled already: a crash came between the two, or another fleet settled
 * it while this one was out of touch. `before` has what was under way when the world was read.
 */
export function sweepSessions({ engine, seen, flights }: Tick, before: ReadonlySet<string>): void {
  for (const { plan, state } of seen.sessions) {
    if (plan.unit !== seen.world.unit) continue;
    const key = keyOf(plan.repo, plan.issue);
    const journal = journalOf(seen, plan.repo, plan.issue);
    const isAlive = state === 'starting' || state === 'running';
    const isSettled = isAlive ? hasReceipt(journal, plan) : !isOpenFor(journal, plan.nonce);
    if (isSettled && !before.has(key)) flights.begin(key, () => saveAndClearAway(engine, plan));
  }
}

const hasReceipt = (journal: Journal | null, { nonce }: SessionPlan) =>
  journal?.entries.some(({ op, session }) => op === 'receipt' && session === nonce) ?? false;

/** Lets a train go whose attempt has its receipt already, whoever rode in it: leaving it had failed. */
export function freeTrains({ engine, seen, flights }: Tick): void {
  for (const [repo, { journals }] of seen.refs) {
    for (const train of journals.filter(isTrain)) {
      const { holder, open } = foldJournal(train.entries);
      const isRidden = journals.some(journal => !isTrain(journal) && isOpenFor(journal, open?.session ?? ''));
      const lease = leaseFrom(repo, train);
      if (!holder || !lease || isRidden || train.problem) continue;
      flights.begin(`${repo} ${train.ref}`, async () => {
        await appendToLease(engine, lease, [takeoverBy(engine), { op: 'release' }]);
      });
    }
  }
}

// By the clocks of two hosts: a wrong one does no harm, for whoever is still alive makes its record anew.
const RECORD_LASTS_MS = 48 * 3_600_000;

/** Removes signs of life of fleets that are gone and hold nothing any more: each boot of a host may leave one. */
export function dropOldRecords({ engine, seen, flights }: Tick): void {
  for (const [repo, { hosts, journals }] of seen.refs) {
    const holders = new Set(journals.flatMap(({ entries }) => foldJournal(entries).holder?.fleet ?? []));
    for (const { ref, tip, at, body } of hosts) {
      const isOld = engine.clock.now() - Date.parse(at) > RECORD_LASTS_MS;
      if (!isOld || holders.has(body.fleet)) continue;
      flights.begin(`${repo} ${ref}`, async () => {
        await engine.refs.push(repo, [{ kind: 'host', ref, expected: tip, body: null }]);
      });
    }
  }
}
