import type { FailureClass, JournalEntry } from '../core/contracts.ts';
import { foldJournal, publishedIn } from '../core/journal.ts';
import type { Journal, Oid, Repos } from '../ports.ts';

/** Where an attempt starts. */
export interface Beginning {
  readonly start: Oid;
  /** It has commits of an earlier attempt, or of a person, besides the base. */
  readonly continues: boolean;
  /** Why nothing could come of the attempt; null when something can. */
  readonly obstacle: string | null;
}

/** What came before an attempt. */
export interface Before {
  readonly repo: string;
  readonly branch: string;
  /** null when nobody ever took the issue. */
  readonly journal: Journal | null;
  /** The head of the base branch. */
  readonly base: Oid;
}

/**
 * Finds what an attempt builds on, merged with the base as it is now: on an old one nobody could mend what the
 * merge with the new one breaks. What a person pushed to the branch comes first, for without it the
 * branch could never be moved again; then what earlier attempts have left.
 */
export async function findBeginning(repos: Repos, before: Before): Promise<Beginning> {
  const { repo, base } = before;
  const entries = before.journal?.entries ?? [];
  // It brings what another host made, too, if that was pushed.
  const branch = await repos.remoteBranch(repo, before.branch);
  const kept = keptHeads(entries);
  const isPersons = branch !== null && !kept.includes(branch) && !publishedIn(entries).includes(branch);
  if (isPersons) {
    const start = await mergedWith(repos, { repo, base, head: branch });
    if (start) return { start, continues: true, obstacle: null };
    const obstacle = `what was pushed to ${before.branch} conflicts with the base: merge it there, or delete the branch`;
    return { start: base, continues: false, obstacle };
  }
  for (const head of kept) {
    const isHere = await repos.isAncestor(repo, { ancestor: head, commit: head }).catch(() => false);
    const start = isHere ? await mergedWith(repos, { repo, base, head }) : null;
    if (start) return { start, continues: true, obstacle: null };
  }
  return { start: base, continues: false, obstacle: null };
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

/** Heads of earlier attempts that are worth going on with, newest first; an attempt cut short may have none. */
function keptHeads(entries: readonly JournalEntry[]): readonly Oid[] {
  const { receipts } = foldJournal(entries);
  const isBarrier = ({ failure }: JournalEntry) => !failure || STARTS_AFRESH.has(failure.class);
  const since = receipts.slice(receipts.findLastIndex(isBarrier) + 1);
  return since.flatMap(({ head }) => head ?? []).reverse();
}

// What such an attempt has committed must not come back with the next one.
const STARTS_AFRESH: ReadonlySet<FailureClass> = new Set([
  'conflict',
  'gave-up',
  'cancelled',
  'substance',
  'scope',
  'secrets',
]);
