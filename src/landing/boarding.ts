import { foldJournal, nextEntry } from '../core/journal.ts';
import { appendToLease, type Claim, factsAfter, type Lease, type LeasePorts } from '../leases/lease.ts';
import type { Journal } from '../ports.ts';

/** The ref whose holder alone may merge onto a base branch, over all fleets. */
export const trainRef = (base: string) => `refs/harness/landing/${base}`;

/** Whether a journal is the train of some base. */
export const isTrain = ({ ref }: Pick<Journal, 'ref'>) => ref.startsWith(trainRef(''));

/**
 * What takes the train of a base for an attempt; null while another attempt has it. It belongs to the attempt, not
 * to a process: whoever goes on with the attempt boards at once, however its last holder ended.
 */
export async function claimOfTrain(
  boarder: LeasePorts,
  { lease: { repo, last }, base }: { readonly lease: Lease; readonly base: string },
): Promise<Claim | null> {
  const ref = trainRef(base);
  const { journals } = await boarder.refs.read(repo);
  const journal = journals.find(one => one.ref === ref) ?? null;
  const state = foldJournal(journal?.entries ?? []);
  const isTaken = state.holder !== null && state.open?.session !== last.session;
  if (isTaken || journal?.problem) return null;
  const entry = nextEntry(state, 'claim', factsAfter(boarder.clock, last));
  return { repo, ref, expected: journal?.tip ?? null, entry, restarts: true };
}

/**
 * Lets the next landing onto the base go, where that does not go with the receipt. A train that can't be left is let
 * go by a tick, once its attempt has its receipt.
 */
export async function leaveTrain(boarder: LeasePorts, train: Lease): Promise<void> {
  await appendToLease(boarder, train, [{ op: 'release' }]);
}
