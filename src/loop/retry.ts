import { foldJournal, type JournalState } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, workRef } from '../leases/lease.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';

/** What a person gives another try: an issue, or with `issue` null the stages of a unit. */
export interface RetriedWork {
  readonly repo: string;
  readonly unit: string;
  readonly issue: number | null;
}

/**
 * Appends a person's word to the journal of a piece of work: its failures and costs so far no longer count. Returns how many
 * failures those are, null when nothing was to be forgiven. Throws `already-running` while somebody works on it.
 */
export async function retryWork(engine: Engine, work: RetriedWork): Promise<number | null> {
  const { repo, issue } = work;
  const name = issue === null ? `the stage of ${repo}` : `${repo}#${issue}`;
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === workRef(work));
  const state = foldJournal(journal?.entries ?? []);
  if (state.holder) {
    throw new HarnessError('already-running', `${name} is being worked on: attempt ${state.attempts}.`, {
      fix: 'Wait until that attempt has ended; `harness status` shows it.',
    });
  }
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || !hasFailed(state)) return null;
  const { fleet, host, boot, worker } = engine.host.identity;
  const pushed = await appendToLease(engine, lease, [{ op: 'retry', facts: { fleet, host, boot, worker } }]);
  if (pushed.kind === 'done') return state.failures.length;
  throw new HarnessError('engine-failed', `${name} could not be freed: ${pushed.reason}`, {
    fix: 'Somebody else moved it at the same moment; look with `harness explain`, then try again.',
  });
}

/** Something of the last attempt may hold the next one: a failure, a delay, what it cost. */
const hasFailed = ({ receipts, retriedAt, failures }: JournalState) =>
  failures.length > 0 || (retriedAt === null && receipts.at(-1)?.failure !== undefined);
