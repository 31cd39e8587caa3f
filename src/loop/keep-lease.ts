import { HarnessError } from '../errors.ts';
import { appendToLease, type Lease } from '../leases/lease.ts';
import type { Board } from '../ports.ts';
import type { Engine } from './engine.ts';

/** A lease that is renewed while issues are written under it, without a worker that beats. */
export interface KeptLease {
  /** Each of its requests renews the lease first when that is due. */
  readonly board: Board;
  /** As it is now. */
  readonly lease: () => Lease;
}

/** Many issues take longer than a lease is proven: GitHub slows down who writes much. */
export function keepLease(engine: Engine, taken: Lease): KeptLease {
  const { board, proofs, settings } = engine;
  const dueMs = (settings.HARNESS_LEASE_TTL * 1000) / 5;
  let lease = taken;
  let provenAt = proofs.moment();

  const renew = async () => {
    if (proofs.ageMs(provenAt) < dueMs) return;
    const sentAt = proofs.moment();
    const pushed = await appendToLease(engine, lease, [{ op: 'checkpoint' }]);
    if (pushed.kind !== 'done') throw new HarnessError('fenced-off', pushed.reason);
    lease = pushed.lease;
    provenAt = sentAt;
  };

  return {
    lease: () => lease,
    board: {
      ...board,
      issue: async (...request) => {
        await renew();
        return board.issue(...request);
      },
      createIssue: async (...request) => {
        await renew();
        return board.createIssue(...request);
      },
      linkIssue: async (...request) => {
        await renew();
        return board.linkIssue(...request);
      },
      updateIssue: async (...request) => {
        await renew();
        return board.updateIssue(...request);
      },
    },
  };
}
