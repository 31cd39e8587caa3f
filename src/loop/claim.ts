import { type JournalState, nextEntry } from '../core/journal.ts';
import { type LeasePush, takeLease, workRef } from '../leases/lease.ts';
import type { Journal, SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';

/** What the claim says of the attempt that begins with it. */
export type ClaimedWork = Pick<
  SessionPlan,
  'repo' | 'unit' | 'issue' | 'attempt' | 'nonce' | 'bodyHash' | 'base'
> & {
  readonly kind: string;
  /** Name of the agent profile; absent where no agent works. */
  readonly profile?: string;
};

/** Takes the lease of a piece of work, by compare-and-swap on the journal as it was read. */
export function pushClaim(
  engine: Engine,
  found: {
    readonly work: ClaimedWork;
    readonly journal: Journal | null;
    readonly state: JournalState;
  },
): Promise<LeasePush> {
  const { work, journal, state } = found;
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
