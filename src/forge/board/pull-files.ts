import type { Range } from '../git/commits.ts';
import type { FileChange } from '../git/diff.ts';
import type { Parts } from '../parts.ts';
import type { PullIssue } from '../records.ts';

/** What the head changes since it left the base (three dots). */
export async function filesOf(parts: Parts, issue: PullIssue): Promise<readonly FileChange[]> {
  return parts.diffs(issue.repository, await rangeOf(parts, issue));
}

/** The same as one patch. */
export async function patchOf(parts: Parts, issue: PullIssue): Promise<string> {
  const { base, head } = await rangeOf(parts, issue);
  return parts.git.run(issue.repository, ['diff', '-M', '--no-ext-diff', '--no-color', base, head]);
}

async function rangeOf(parts: Parts, { repository, pull }: PullIssue): Promise<Range> {
  const ends = { base: pull.base.sha, head: pull.head.sha };
  const mergeBase = await parts.commits.mergeBase(repository, ends);
  return { base: mergeBase ?? pull.base.sha, head: pull.head.sha };
}
