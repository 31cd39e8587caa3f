import type { JournalEntry, JournalOp } from '../core/contracts.ts';
import { type EntryFacts, nextEntry } from '../core/journal.ts';
import type { Clock, Oid, Ports, RefUpdate } from '../ports.ts';
import type { Proofs } from './proofs.ts';

/** This fleet's hold on an issue: the journal's tip that the next push must still find there. */
export interface Lease {
  readonly repo: string;
  /** `refs/harness/issues/7` */
  readonly ref: string;
  readonly tip: Oid;
  /** The newest entry. */
  readonly last: JournalEntry;
  /** When the attempt was claimed, ISO 8601. */
  readonly claimedAt: string;
}

export type LeasePush =
  | {
      readonly kind: 'done';
      readonly lease: Lease;
      /** Where each ref of the push points now, by name. */
      readonly tips: Readonly<Record<string, Oid>>;
    }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One journal entry to append: what it is and the facts in which it differs from the newest one. */
export interface Append {
  readonly op: JournalOp;
  readonly facts?: Partial<EntryFacts>;
}

/** What moving a lease takes. */
export type LeasePorts = Pick<Ports, 'refs' | 'clock'> & { readonly proofs: Proofs };

/** The ref behind an issue's lease. */
export const issueRef = (issue: number) => `refs/harness/issues/${issue}`;

/** The ref of an issue's unfinished work. */
export const wipRef = (issue: number) => `refs/harness/wip/${issue}`;

/** Where the refs behind the units' stages are: work that has no issue. */
export const STAGE_REFS = 'refs/harness/stages/';

/** The ref behind the lease of an issue, or of the unit's stages when there is none. */
export const workRef = ({ unit, issue }: { readonly unit: string; readonly issue: number | null }) =>
  issue === null ? `${STAGE_REFS}${unit}` : issueRef(issue);

/** A lease to be taken: its journal's tip as it was read, and the entry that takes it. */
export interface Claim {
  readonly repo: string;
  readonly ref: string;
  readonly expected: Oid | null;
  readonly entry: JournalEntry;
  /** Forgets the journal's earlier entries. */
  readonly restarts?: true;
}

/** Takes a lease that nobody holds, by compare-and-swap. */
export async function takeLease(ports: LeasePorts, claim: Claim): Promise<LeasePush> {
  const { repo, ref } = claim;
  const sentAt = ports.proofs.moment();
  const result = await ports.refs.push(repo, [takingOf(claim)]);
  if (result.kind !== 'done') return result;
  ports.proofs.moved(repo, ref, sentAt);
  return { kind: 'done', lease: leaseTaken(claim, result.tips), tips: result.tips };
}

/** What takes a lease, for a push that is about more than it. */
export const takingOf = ({ ref, expected, entry, restarts }: Claim): RefUpdate => ({
  kind: 'journal',
  ref,
  expected,
  entries: [entry],
  ...(restarts ? { restarts } : {}),
});

/** The lease that such a push has taken. */
export const leaseTaken = ({ repo, ref, entry }: Claim, tips: Readonly<Record<string, Oid>>): Lease => ({
  repo,
  ref,
  tip: tipOf(tips, ref),
  last: entry,
  claimedAt: entry.at,
});

/** What gives a lease back, for a push that is about more than it. */
export function givingBack(ports: LeasePorts, lease: Lease): RefUpdate {
  ports.proofs.released(lease.repo, lease.ref);
  const entries = entriesAfter(ports, lease.last, [{ op: 'release' }]);
  return { kind: 'journal', ref: lease.ref, expected: lease.tip, entries };
}

/** What appends entries to a lease's journal, for a push that is about more than it. */
export const appending = (
  ports: LeasePorts,
  lease: Lease,
  {
    appends,
    attachments,
  }: {
    readonly appends: readonly Append[];
    readonly attachments: Readonly<Record<string, string>>;
  },
): RefUpdate => ({
  kind: 'journal',
  ref: lease.ref,
  expected: lease.tip,
  entries: entriesAfter(ports, lease.last, appends),
  attachments,
});

/**
 * Appends entries to a lease's journal, together with other moves, in one atomic push. This is the fence:
 * when the lease is no longer ours nothing moves, and the result is `lost`.
 */
export async function appendToLease(
  ports: LeasePorts,
  lease: Lease,
  appends: readonly Append[],
  also: {
    readonly updates?: readonly RefUpdate[];
    readonly attachments?: Readonly<Record<string, string>>;
  } = {},
): Promise<LeasePush> {
  const entries = entriesAfter(ports, lease.last, appends);
  const journal: RefUpdate = {
    kind: 'journal',
    ref: lease.ref,
    expected: lease.tip,
    entries,
    ...(also.attachments ? { attachments: also.attachments } : {}),
  };
  const { proofs } = ports;
  const sentAt = proofs.moment();
  const isGivenBack = entries.at(-1)?.op === 'release';
  if (isGivenBack) proofs.released(lease.repo, lease.ref);
  const result = await ports.refs.push(lease.repo, [journal, ...(also.updates ?? [])]);
  if (result.kind !== 'done') return result;
  if (!isGivenBack) proofs.moved(lease.repo, lease.ref, sentAt);
  const last = entries.at(-1) ?? lease.last;
  const { tips } = result;
  return { kind: 'done', lease: { ...lease, tip: tipOf(tips, lease.ref), last }, tips };
}

function entriesAfter(
  { clock }: LeasePorts,
  last: JournalEntry,
  appends: readonly Append[],
): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const { op, facts } of appends) {
    const previous = entries.at(-1) ?? last;
    entries.push(nextEntry(previous, op, { ...factsAfter(clock, previous), ...facts }));
  }
  return entries;
}

/**
 * What an entry says again of the attempt that an earlier one was about. A failure, a landing's gates, the usage
 * and what was asked belong to the entry that states them, not to those that follow.
 */
export function factsAfter(clock: Clock, entry: JournalEntry): EntryFacts {
  const { v: _v, op: _op, epoch: _epoch, seq: _seq, failure: _failure, landed: _landed, ...rest } = entry;
  const {
    question: _question,
    answer: _answer,
    answers: _answers,
    by: _by,
    review: _review,
    refusal: _refusal,
    discoveries: _discoveries,
    ...facts
  } = rest;
  const at = new Date(clock.now()).toISOString();
  return { ...facts, nonce: clock.nonce(), at, gates: [], usage: null };
}

function tipOf(tips: Readonly<Record<string, Oid>>, ref: string): Oid {
  const tip = tips[ref];
  if (!tip) throw new Error(`The push moved ${ref} but named no new tip.`);
  return tip;
}
