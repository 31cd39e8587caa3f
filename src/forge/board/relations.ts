import type { Parts } from '../parts.ts';
import type { IssueKey, IssueRecord } from '../records.ts';
import { keyOf } from '../records.ts';
import type { Board } from '../shelves.ts';

/**
 * Dependencies and sub-issues are kept on both issues. GitHub does not document whether they move
 * `updated_at`; here they do not, so that a client that relies on it shows its fault.
 */

/** Lets `blocker` block `issue`. */
export function addBlocker({ store }: Parts, issue: IssueRecord, blocker: IssueRecord): void {
  store.putIssue({ ...issue, blockedBy: including(issue.blockedBy, keyOf(blocker)) });
  store.putIssue({ ...blocker, blocking: including(blocker.blocking, keyOf(issue)) });
}

/** Ends it. */
export function removeBlocker({ store }: Parts, issue: IssueRecord, blocker: IssueRecord): void {
  store.putIssue({ ...issue, blockedBy: excluding(issue.blockedBy, keyOf(blocker)) });
  store.putIssue({ ...blocker, blocking: excluding(blocker.blocking, keyOf(issue)) });
}

/** Makes `child` a sub-issue of `parent`, away from the parent that it has. */
export function addSubIssue(parts: Parts, parent: IssueRecord, child: IssueRecord): void {
  const former = child.parent === null ? undefined : parts.store.issue(child.parent);
  if (former !== undefined) removeSubIssue(parts, former, child);
  const { store } = parts;
  store.putIssue({ ...(store.issue(keyOf(child)) ?? child), parent: keyOf(parent) });
  store.putIssue({ ...parent, subIssues: including(parent.subIssues, keyOf(child)) });
}

/** Makes it an issue of its own again. */
export function removeSubIssue({ store }: Parts, parent: IssueRecord, child: IssueRecord): void {
  store.putIssue({ ...child, parent: null });
  store.putIssue({ ...parent, subIssues: excluding(parent.subIssues, keyOf(child)) });
}

/** How many issues block this one and are blocked by it: the open ones, and all. */
export function dependencyCounts(board: Board, { blockedBy, blocking }: IssueRecord) {
  return {
    blockedBy: blockedBy.filter(isOpenIn(board)).length,
    totalBlockedBy: blockedBy.length,
    blocking: blocking.filter(isOpenIn(board)).length,
    totalBlocking: blocking.length,
  };
}

/** How many sub-issues there are and how many of them are closed. */
export function subIssueCounts(board: Board, { subIssues }: IssueRecord) {
  const total = subIssues.length;
  const completed = total - subIssues.filter(isOpenIn(board)).length;
  return { total, completed, percentCompleted: total === 0 ? 0 : Math.floor((completed * 100) / total) };
}

function isOpenIn(board: Board): (key: IssueKey) => boolean {
  return key => board.issue(key)?.state === 'open';
}

function including(keys: readonly IssueKey[], key: IssueKey): readonly IssueKey[] {
  return keys.includes(key) ? keys : [...keys, key];
}

function excluding(keys: readonly IssueKey[], key: IssueKey): readonly IssueKey[] {
  return keys.filter(other => other !== key);
}
