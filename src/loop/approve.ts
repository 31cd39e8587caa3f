import { adoptedHead } from '../core/adoption.ts';
import { heldProposal } from '../core/held-proposal.ts';
import { foldJournal } from '../core/journal.ts';
import type { Proposal } from '../core/proposals/proposal.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, workRef } from '../leases/lease.ts';
import type { Oid } from '../ports.ts';
import { keptProposal } from './accept-proposal.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';

/** What was approved, and in whose name. */
export interface Approved {
  readonly head: Oid;
  readonly by: string;
}

/**
 * Appends a person's word for the head that an issue's landing waits with, or for the proposal of a stage by its digest.
 * `sha` is that, or its first seven digits or more: so that nobody approves what has come since they looked. `number` is
 * null for the stages of the unit. Throws `not-waiting` and `head-differs`.
 */
export async function approveHead(
  engine: Engine,
  repo: string,
  { number, unit, sha }: { readonly number: number | null; readonly unit: string; readonly sha: string },
): Promise<Approved> {
  const name = number === null ? unit : `${repo}#${number}`;
  const [{ journals }, by] = await Promise.all([engine.refs.read(repo), engine.board.login()]);
  const journal = journals.find(({ ref }) => ref === workRef({ unit, issue: number }));
  const held = heldProposal(journal?.entries ?? []);
  const { landing, receipts } = foldJournal(journal?.entries ?? []);
  const head = held?.digest ?? landing?.head ?? adoptedHead(receipts);
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || !head) {
    throw new HarnessError(
      'not-waiting',
      `${name} has no change that waits to be merged, and no proposal that waits to be filed.`,
    );
  }
  const isNamed = sha === head || (sha.length >= SHORTEST_SHA && head.startsWith(sha.toLowerCase()));
  if (!isNamed) {
    throw new HarnessError(
      'head-differs',
      `${sha} is not the ${held ? 'proposal' : 'head'} of ${name}: that is ${head}.`,
    );
  }
  const pushed = await appendToLease(engine, lease, [{ op: 'approve', facts: { head, by } }]);
  if (pushed.kind === 'done') return { head, by };
  throw new HarnessError('engine-failed', `${name} could not be approved: ${pushed.reason}`, {
    fix: 'Its fleet wrote at the same moment; try again.',
  });
}

const SHORTEST_SHA = 7;

/** What waits for a person's word, for them to look at. Throws `not-waiting` when no proposal does. */
export async function proposalAt(
  engine: Engine,
  repo: string,
  { number, unit }: { readonly number: number | null; readonly unit: string },
): Promise<{ readonly digest: string; readonly proposal: Proposal }> {
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === workRef({ unit, issue: number }));
  const held = heldProposal(journal?.entries ?? []);
  const { landing } = foldJournal(journal?.entries ?? []);
  const name = number === null ? unit : `${repo}#${number}`;
  if (!journal || !landing || held?.word !== 'none') {
    throw new HarnessError('not-waiting', `${name} has no proposal that waits.`);
  }
  return { digest: held.digest, proposal: await keptProposal(engine, { repo, journal, kind: landing.kind }) };
}
