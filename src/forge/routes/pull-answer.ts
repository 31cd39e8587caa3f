import { mergeabilityOf } from '../board/mergeability.ts';
import { filesOf } from '../board/pull-files.ts';
import type { Parts } from '../parts.ts';
import type { PullIssue, RepositoryRecord } from '../records.ts';
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
