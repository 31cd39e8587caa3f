import type { JournalEntry } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import type { Issue, Pull } from '../core/world.ts';
import type { Approval } from '../landing/readiness.ts';
import type { Lease } from '../leases/lease.ts';
import type { Journal, Oid, Session } from '../ports.ts';

/** An attempt of ours that has no receipt yet. */
export interface OpenAttempt {
  readonly issue: Pick<Issue, 'number' | 'title' | 'body' | 'state' | 'labels' | 'lastEditor'>;
  readonly lease: Lease;
  readonly baseBranch: string;
  /** What is left of its session on this host; null when nothing is. */
  readonly session: Session | null;
  /** The landing entry of its journal, when its branch was pushed. */
  readonly landing: JournalEntry | null;
  /** Persons' words for heads of this issue. */
  readonly approvals: readonly Approval[];
  /** One of them is newer than the landing entry, and for its head. */
  readonly hasWord: boolean;
  /** What agents' reviews said of changes for this issue, oldest first. */
  readonly reviews: readonly JournalEntry[];
  /** The repository's pull requests as they were seen. */
  readonly pulls: readonly Pull[];
  /** Every head that was pushed to the issue's branch, in whatever attempt. */
  readonly published: readonly Oid[];
}

/** The lease that a journal speaks of, for going on with it. */
export function leaseFrom(repo: string, journal: Journal): Lease | null {
  const last = journal.entries.at(-1);
  const claim = journal.entries.findLast(entry => entry.op === 'claim');
  if (!last || !claim) return null;
  return { repo, ref: journal.ref, tip: journal.tip, last, claimedAt: claim.at };
}

/** The open attempt in a journal is this session's. */
export function isOpenFor(journal: Journal | null, nonce: string): boolean {
  return foldJournal(journal?.entries ?? []).open?.session === nonce;
}
