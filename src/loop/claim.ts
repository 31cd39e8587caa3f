import { type JournalState, nextEntry } from '../core/journal.ts';
import { type LeasePush, takeLease, workRef } from '../leases/lease.ts';
import type { Moment } from '../leases/proofs.ts';
import type { Journal, Oid, SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';

/** What the claim says of the attempt that begins with it. */
export type ClaimedWork = Pick<SessionPlan, 'repo' | 'unit' | 'issue' | 'attempt' | 'nonce' | 'bodyHash'> & {
  readonly kind: string;
  /** null where nothing of the repository was looked at. */
  readonly base: Oid | null;
  /** Name of the agent profile; absent where no agent works. */
  readonly profile?: string;
};

/** Takes the lease of a piece of work, by compare-and-swap on the journal as it was read. */
export async function pushClaim(
  engine: Engine,
  found: {
    readonly work: ClaimedWork;
    readonly journal: Journal | null;
    readonly state: JournalState;
    /** When the journal was read. */
    readonly readAt: Moment;
  },
): Promise<LeasePush> {
  const { work, journal, state, readAt } = found;
  // A process that was stopped since might take for new what has landed and is in the archive by now.
  if (engine.proofs.ageMs(readAt) > engine.settings.HARNESS_LEASE_TTL * 1000) {
    return { kind: 'lost', reason: 'too long ago that its journal was read' };
  }
  const { fleet, host, boot, worker } = engine.host.identity;
  const { repo, unit, issue, nonce: session, ...facts } = work;
  const entry = nextEntry(state, 'claim', {
    ...facts,
    nonce: engine.clock.nonce(),
    at: new Date(engine.clock.now()).toISOString(),
    fleet,
    host,
    boot,
    worker,
    session,
    policyDigest: engine.policyDigest,
    head: null,
    gates: [],
    usage: null,
  });
  const ref = workRef({ unit, issue });
  return takeLease(engine, { repo, ref, expected: journal?.tip ?? null, entry });
}
