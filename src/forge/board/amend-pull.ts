import { stamp } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, PullRecord } from '../records.ts';
import { keyOf } from '../records.ts';
import { applyClosingKeywords } from './closing.ts';
import { amendIssue } from './issues.ts';

/**
 * Closes a pull request as merged, and with it the issues that it names when its base is the default branch.
 * Those come first: a forge that is killed in between comes here again.
 */
export function recordMerge(
  parts: Parts,
  issue: PullIssue,
  { commit, by }: { commit: Oid; by: string },
): void {
  const { repository } = issue;
  if (parts.store.repository(repository)?.defaultBranch === issue.pull.base.ref) {
    applyClosingKeywords(parts, { repository, texts: [issue.body], by });
  }
  const now = stamp(parts.clock);
  amendIssue(parts, issue, {
    state: 'closed',
    closedAt: now,
    closedBy: by,
    pull: { ...pullOf(parts, issue), merging: null, mergedAt: now, mergedBy: by, mergeCommit: commit },
  });
}

/** Replaces fields of a pull request as it is by now. */
export function amendPull(parts: Parts, issue: PullIssue, change: Partial<PullRecord>): void {
  amendIssue(parts, issue, { pull: { ...pullOf(parts, issue), ...change } });
}

function pullOf({ store }: Parts, issue: PullIssue): PullRecord {
  return store.issue(keyOf(issue))?.pull ?? issue.pull;
}
