import { isAdoption } from '../core/adoption.ts';
import type { JournalEntry } from '../core/contracts.ts';
import { foldJournal, publishedIn } from '../core/journal.ts';
import { wipRef } from '../leases/lease.ts';
import type { Journal, Oid, Repos } from '../ports.ts';
import { STARTS_AFRESH } from './checkpoint.ts';

/** Where an attempt starts. */
export interface Beginning {
  readonly start: Oid;
  /** It has commits of an earlier attempt, or of a person, besides the base. */
  readonly continues: boolean;
  /** The attempt whose commits these are; null when they are a person's, or there are none. */
  readonly attempt: number | null;
  /** Why nothing could come of the attempt; null when something can. */
  readonly obstacle: string | null;
}

/** What came before an attempt. */
export interface Before {
  readonly repo: string;
  readonly issue: number;
  readonly branch: string;
  /** null when nobody ever took the issue. */
  readonly journal: Journal | null;
  /** The head of the base branch. */
  readonly base: Oid;
}

/**
 * Finds what an attempt builds on, merged with the base as it is now: on an old one nobody could mend what the
 * merge with the new one breaks. What a person pushed to the issue's branch comes first, for without it the
 * branch could never be moved again; then what earlier attempts have left.
 */
export async function findBeginning(repos: Repos, before: Before): Promise<Beginning> {
  const { repo, base, issue } = before;
  const entries = before.journal?.entries ?? [];
  // It brings what another host made, too, if that was pushed.
  const branch = await repos.remoteBranch(repo, before.branch);
  const kept = keptHeads(entries);
  const isOwn = kept.some(({ head }) => head === branch);
  const isPersons = branch !== null && !isOwn && !publishedIn(entries).includes(branch);
  if (isPersons) {
    const start = await mergedWith(repos, { repo, base, head: branch });
    if (start) return { start, continues: true, attempt: null, obstacle: null };
    const obstacle = `what was pushed to ${before.branch} conflicts with the base: merge it there, or delete the branch`;
    return { start: base, continues: false, attempt: null, obstacle };
  }
  // It brings what another host could not land.
  if (kept.length > 0) await repos.remoteBranch(repo, wipRef(issue));
  for (const { head, attempt } of kept) {
    const isHere = await repos.isAncestor(repo, { ancestor: head, commit: head }).catch(() => false);
    const start = isHere ? await mergedWith(repos, { repo, base, head }) : null;
    if (start) return { start, continues: true, attempt, obstacle: null };
  }
  return { start: base, continues: false, attempt: null, obstacle: null };
}

/** A commit with both; null when they conflict. */
async function mergedWith(
  repos: Repos,
  { repo, base, head }: { readonly repo: string; readonly base: Oid; readonly head: Oid },
): Promise<Oid | null> {
  if (await repos.isAncestor(repo, { ancestor: base, commit: head })) return head;
  const merged = await repos.merge(repo, { base, head });
  return merged.kind === 'merged' ? merged.commit : null;
}

/** Work of earlier attempts that is worth going on with, newest first; an attempt cut short may have none. */
function keptHeads(
  entries: readonly JournalEntry[],
): readonly { readonly head: Oid; readonly attempt: number }[] {
  const { receipts } = foldJournal(entries);
  const isBarrier = ({ failure }: JournalEntry) => !failure || STARTS_AFRESH.has(failure.class);
  // What a person's pull request did not land with is theirs to go on with.
  const own = receipts.filter(receipt => !receipt.failure || !isAdoption(receipt));
  const since = own.slice(own.findLastIndex(isBarrier) + 1);
  return since.flatMap(({ head, attempt }) => (head ? [{ head, attempt }] : [])).reverse();
}
