import { foldJournal } from '../core/journal.ts';
import { isRed } from '../landing/plan.ts';
import type { Journal } from '../ports.ts';
import type { Engine } from './engine.ts';
import { nameOfWork, waitOf } from './landing-wait.ts';
import { journalOf, type Seen } from './observe.ts';

/** A landing, and the branch that it is to land on. */
export interface Waiting {
  readonly repo: string;
  readonly issue: number | null;
  readonly baseBranch: string;
}

/**
 * Whether a landing waits for checks or for people as it did, so that there is no use in beginning it again. One
 * that its base holds up asks git where that is now, which no snapshot shows.
 */
export async function stillWaits(
  { engine, seen }: { readonly engine: Engine; readonly seen: Seen },
  { repo, issue, baseBranch }: Waiting,
): Promise<boolean> {
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  const journal = journalOf(seen, repo, issue);
  if (!snapshot || !journal) return false;
  const at = nameOfWork(engine, repo, issue);
  if (waitOf(engine, { issue, at, entries: journal.entries, snapshot }) === null) return false;
  const base = redBaseOf(journal);
  return base === null || base === (await engine.repos.fetchBranch(repo, baseBranch));
}

/** The base that holds a landing up because it fails by itself; null when none does. */
function redBaseOf({ entries }: Journal): string | null {
  const { landing } = foldJournal(entries);
  return landing && isRed(landing) ? landing.base : null;
}
