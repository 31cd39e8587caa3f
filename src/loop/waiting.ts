import type { Engine } from './engine.ts';
import { waitOf } from './landing-wait.ts';
import { journalOf, type Seen } from './observe.ts';

/** Whether a landing waits for checks or for people as it did, so that there is no use in beginning it again. */
export function stillWaits(
  { engine, seen }: { readonly engine: Engine; readonly seen: Seen },
  { repo, issue }: { readonly repo: string; readonly issue: number | null },
): boolean {
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  const journal = journalOf(seen, repo, issue);
  if (!snapshot || !journal) return false;
  return waitOf(engine, { issue, entries: journal.entries, snapshot }) !== null;
}
