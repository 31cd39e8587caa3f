import type { PullIssue, QueueEntryRecord, QueueRecord, RepositoryRecord } from '../records.ts';

/** The queue of a branch; undefined where the branch has none. */
export const queueOf = (repository: RepositoryRecord, branch: string): QueueRecord | undefined =>
  repository.queues?.[branch];

/** The place of a pull request in the queue of its base, counted from 1; null when it is in none. */
export function placeOf(
  repository: RepositoryRecord,
  { number, pull }: PullIssue,
): { readonly entry: QueueEntryRecord; readonly position: number } | null {
  const entries = queueOf(repository, pull.base.ref)?.entries ?? [];
  const index = entries.findIndex(entry => entry.pull === number);
  const entry = entries[index];
  return entry === undefined ? null : { entry, position: index + 1 };
}
