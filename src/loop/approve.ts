import { adoptedHead } from '../core/adoption.ts';
import { foldJournal } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, issueRef } from '../leases/lease.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';

/** What was approved, and in whose name. */
export interface Approved {
  readonly head: Oid;
  readonly by: string;
}

/**
 * Appends a person's word for the head that an issue's landing waits with. `sha` is that head, or its first seven
 * digits or more: so that nobody approves what was pushed since they looked. Throws `not-waiting` and `head-differs`.
 */
export async function approveHead(
  engine: Engine,
  repo: string,
  { number, sha }: { readonly number: number; readonly sha: string },
): Promise<Approved> {
  const name = `${repo}#${number}`;
  const [{ journals }, by] = await Promise.all([engine.refs.read(repo), engine.board.login()]);
  const journal = journals.find(({ ref }) => ref === issueRef(number));
  const { landing, receipts } = foldJournal(journal?.entries ?? []);
  const head = landing?.head ?? adoptedHead(receipts);
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || !head) {
    throw new HarnessError('not-waiting', `${name} has no change that waits to be merged.`);
  }
  const isNamed = sha === head || (sha.length >= SHORTEST_SHA && head.startsWith(sha.toLowerCase()));
  if (!isNamed) {
    throw new HarnessError('head-differs', `${sha} is not the head of ${name}: that is ${head}.`);
  }
  const pushed = await appendToLease(engine, lease, [{ op: 'approve', facts: { head, by } }]);
  if (pushed.kind === 'done') return { head, by };
  throw new HarnessError('engine-failed', `${name} could not be approved: ${pushed.reason}`, {
    fix: 'Its fleet wrote at the same moment; try again.',
  });
}

const SHORTEST_SHA = 7;
