import { foldJournal } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import type { HostRecordBody, PushResult, RefUpdate } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { LiveSave } from './live-work.ts';
import type { Seen } from './observe.ts';
import { daySpendOf } from './spending.ts';

/** Tells other fleets that this one lives and which leases its workers prove progress on. */
export interface Heartbeat {
  /**
   * Pushes the host record when one is due, with what `alongside` offers then. Nothing is pushed while nothing is held.
   */
  beat(repo: string, seen: Seen, alongside: () => LiveSave | null): Promise<void>;
  /** Milliseconds until the next one is due; infinite while nothing is held. */
  dueMs(): number;
  /** Takes the record away, unless something is still held: without it others would take that at once. */
  end(repo: string, seen: Seen): Promise<void>;
}

export function createHeartbeat(engine: Engine): Heartbeat {
  const everyMs = (engine.settings.HARNESS_LEASE_TTL * 1000) / 5;
  const { fleet, host, boot } = engine.host.identity;
  const ref = `refs/harness/hosts/${fleet}-${boot}`;
  let lastBeat = Number.NEGATIVE_INFINITY;
  let isHolding = false;

  const recordIn = (repo: string, seen: Seen) =>
    seen.refs.get(repo.toLowerCase())?.hosts.find(record => record.ref === ref) ?? null;

  return {
    async beat(repo, seen, alongside) {
      const leases = heldLeases(engine, repo, seen);
      isHolding = leases.length > 0;
      if (!isHolding || engine.clock.monotonic() - lastBeat < everyMs) return;
      lastBeat = engine.clock.monotonic();
      const { policyDigest } = engine;
      const nonce = engine.clock.nonce();
      const view = seen.refs.get(repo.toLowerCase()) ?? { journals: [], hosts: [] };
      const { settings } = engine;
      const sessions = [...seen.sessions, ...seen.reviewers];
      const own = { repo, fleet, sessions, settings, nowMs: engine.clock.now() };
      const spend = daySpendOf(view, own);
      const body: HostRecordBody = { v: 1, fleet, host, boot, nonce, policyDigest, leases, spend };
      const expected = recordIn(repo, seen)?.tip ?? null;
      const sentAt = engine.proofs.moment();
      const pushed = await pushWith(engine, repo, {
        record: { kind: 'host', ref, expected, body },
        save: alongside(),
      });
      if (pushed.kind === 'done') for (const lease of leases) engine.proofs.listed(repo, lease.ref, sentAt);
      else engine.log.warn(`heartbeat ${pushed.kind}: ${pushed.reason}`, { repo });
    },
    dueMs: () =>
      isHolding ? Math.max(0, lastBeat + everyMs - engine.clock.monotonic()) : Number.POSITIVE_INFINITY,
    async end(repo, seen) {
      const record = recordIn(repo, seen);
      if (!record || heldLeases(engine, repo, seen).length > 0) return;
      await engine.refs.push(repo, [{ kind: 'host', ref, expected: record.tip, body: null }]);
    },
  };
}

/** Whatever is wrong with the work that goes along, the sign of life must get through. */
async function pushWith(
  { refs, log }: Engine,
  repo: string,
  { record, save }: { readonly record: RefUpdate; readonly save: LiveSave | null },
): Promise<PushResult> {
  if (save === null) return refs.push(repo, [record]);
  try {
    const pushed = await refs.push(repo, [record, ...save.updates]);
    save.ended(pushed.kind);
    if (pushed.kind !== 'lost') return pushed;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'github-refused') throw error;
    log.warn(`could not save unfinished work: ${error.message}`, { repo });
  }
  return refs.push(repo, [record]);
}

function heldLeases(engine: Engine, repo: string, seen: Seen): HostRecordBody['leases'] {
  const { fleet, worker } = engine.host.identity;
  const journals = seen.refs.get(repo.toLowerCase())?.journals ?? [];
  return journals.flatMap(({ ref, entries }) => {
    const { holder, epoch } = foldJournal(entries);
    return holder?.fleet === fleet ? [{ ref, epoch, worker }] : [];
  });
}
