import { messageOf } from '../errors.ts';
import type { Lease } from '../leases/lease.ts';
import type { HostRecordBody, Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/**
 * Proves a lease for as long as something runs under it in a process that is no worker: a verification may take longer
 * than a lease lives. The record goes when that is over.
 */
export async function beatWhile<T>(engine: Engine, lease: Lease, run: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const beating = beat(engine, lease, over.signal);
  try {
    return await run();
  } finally {
    over.abort();
    await beating;
  }
}

async function beat(engine: Engine, lease: Lease, over: AbortSignal): Promise<void> {
  const { host, settings, log } = engine;
  const everyMs = (settings.HARNESS_LEASE_TTL * 1000) / 5;
  let tip: Oid | null = null;
  try {
    while (!over.aborted) {
      const sentAt = engine.proofs.moment();
      tip = await pushRecord(engine, lease, { tip, isOver: false });
      if (tip !== null) engine.proofs.listed(lease.repo, lease.ref, sentAt);
      // Events are for workers; what is left of the time is waited for again.
      while (!over.aborted && engine.proofs.ageMs(sentAt) < everyMs) await host.nextEvent(everyMs, over);
    }
    if (tip !== null) await pushRecord(engine, lease, { tip, isOver: true });
  } catch (error) {
    // Without a proof the landing stops by itself.
    log.warn(`could not prove the lease ${lease.ref}: ${messageOf(error)}`, { repo: lease.repo });
  }
}

async function pushRecord(
  { refs, host, clock, policyDigest }: Engine,
  { repo, ref, last: { epoch, session } }: Lease,
  { tip: expected, isOver }: { readonly tip: Oid | null; readonly isOver: boolean },
): Promise<Oid | null> {
  const { fleet, boot, worker, host: name } = host.identity;
  const record = `refs/harness/hosts/${fleet}-${boot}-${session.slice(0, 8)}`;
  const leases = [{ ref, epoch, worker }];
  const nonce = clock.nonce();
  const body: HostRecordBody = { v: 1, fleet, host: name, boot, nonce, policyDigest, leases };
  const pushed = await refs.push(repo, [{ kind: 'host', ref: record, expected, body: isOver ? null : body }]);
  return pushed.kind === 'done' ? (pushed.tips[record] ?? null) : expected;
}
