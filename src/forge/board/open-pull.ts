import type { IssueRecord, PullIssue } from '../records.ts';

/** Whether it is a pull request that is still open. */
export function isOpenPull(issue: IssueRecord): issue is PullIssue {
  return issue.pull !== null && issue.state === 'open';
}
