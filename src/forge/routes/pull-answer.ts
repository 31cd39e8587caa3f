import { mergeabilityOf } from '../board/mergeability.ts';
import type { FileChange } from '../git/diff.ts';
import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { pullShape } from '../shapes/pull.ts';
import type { View } from '../shapes/view.ts';

/** A pull request with all that only git knows. */
export async function drawPull(
  view: View,
  parts: Parts,
  { repository, issue }: { repository: RepositoryRecord; issue: PullIssue },
): Promise<ReturnType<typeof pullShape>> {
  const name = nameOf(repository);
  const { head, base } = issue.pull;
  const [mergeability, commits, files] = await Promise.all([
    mergeabilityOf(parts, repository, issue),
    parts.commits.between(name, { base: base.sha, head: head.sha }),
    filesOf(parts, issue),
  ]);
  return pullShape(view, repository, { issue, mergeability, commits: commits.length, files });
}

/** What the head changes since it left the base (three dots). */
export async function filesOf(parts: Parts, { repository, pull }: PullIssue): Promise<readonly FileChange[]> {
  const range = { base: pull.base.sha, head: pull.head.sha };
  const mergeBase = (await parts.commits.mergeBase(repository, range)) ?? pull.base.sha;
  return parts.diffs(repository, { base: mergeBase, head: pull.head.sha });
}

/** The last trial merge of an open pull request. */
export async function trialMergeOf({ refs }: Parts, issue: PullIssue): Promise<Oid | null> {
  if (issue.state === 'closed') return null;
  return (await refs.of(issue.repository)).get(`refs/pull/${issue.number}/merge`) ?? null;
}
