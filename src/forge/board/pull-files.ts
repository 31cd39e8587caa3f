import type { FileChange } from '../git/diff.ts';
import type { Parts } from '../parts.ts';
import type { PullIssue } from '../records.ts';

/** What the head changes since it left the base (three dots). */
export async function filesOf(parts: Parts, { repository, pull }: PullIssue): Promise<readonly FileChange[]> {
  const range = { base: pull.base.sha, head: pull.head.sha };
  const mergeBase = (await parts.commits.mergeBase(repository, range)) ?? pull.base.sha;
  return parts.diffs(repository, { base: mergeBase, head: pull.head.sha });
}
