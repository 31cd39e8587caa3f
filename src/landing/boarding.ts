import { foldJournal, nextEntry } from '../core/journal.ts';
import { appendToLease, factsAfter, type Lease, type LeasePorts, takeLease } from '../leases/lease.ts';
import type { Journal, Ports } from '../ports.ts';

/** The ref whose holder alone may merge onto a base branch, over all fleets. */
export const trainRef = (base: string) => `refs/harness/landing/${base}`;

/** Whether a journal is the train of some base. */
export const isTrain = ({ ref }: Pick<Journal, 'ref'>) => ref.startsWith(trainRef(''));

type Boarder = LeasePorts & Pick<Ports, 'host'>;

export type Boarding =
  | { readonly kind: 'aboard'; readonly train: Lease }
  /** The attempt's own lease was not proven for too long while it waited. */
  | { readonly kind: 'left-behind' };

/** How long to wait for another landing before looking again. */
const BUSY_MS = 3_000;

/**
 * Takes the train of a base for an attempt, waiting while another one has it. It belongs to the attempt, not to
 * a process: whoever goes on with the attempt boards at once, however its last holder ended.
 */
export async function boardTrain(
  boarder: Boarder,
  { lease, base }: { readonly lease: Lease; readonly base: string },
): Promise<Boarding> {
  while (boarder.proofs.holds(lease.repo, lease.ref)) {
    const train = await tryToBoard(boarder, lease, trainRef(base));
    if (train) return { kind: 'aboard', train };
    await boarder.host.pause(BUSY_MS);
  }
  return { kind: 'left-behind' };
}

async function tryToBoard(boarder: Boarder, { repo, last }: Lease, ref: string): Promise<Lease | null> {
  const { journals } = await boarder.refs.read(repo);
  const journal = journals.find(one => one.ref === ref) ?? null;
  if (journal?.problem) return null;
  const state = foldJournal(journal?.entries ?? []);
  if (state.holder && state.open?.session !== last.session) return null;
  const entry = nextEntry(state, 'claim', factsAfter(boarder.clock, last));
  const expected = journal?.tip ?? null;
  const taken = await takeLease(boarder, { repo, ref, expected, entry, restarts: true });
  return taken.kind === 'done' ? taken.lease : null;
}

/** Lets the next landing onto the base go. One that can't is let go by a tick, once its attempt has its receipt. */
export async function leaveTrain(boarder: LeasePorts, train: Lease): Promise<void> {
  await appendToLease(boarder, train, [{ op: 'release' }]);
}
