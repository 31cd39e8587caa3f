import { associationOf } from '../access.ts';
import { dependencyCounts, subIssueCounts } from '../board/relations.ts';
import type { IssueRecord, RepositoryRecord } from '../records.ts';
import { labelShapes } from './label.ts';
import { userOrNull, userShape } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

/** GitHub's `issue`; a pull request has it too, with the key `pull_request`. */
export function issueShape(view: View, repository: RepositoryRecord, issue: IssueRecord) {
  const api = apiOf(view, issue.repository);
  const url = `${api}/issues/${issue.number}`;
  const page = `${pageOf(view, issue.repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
  const assignees = issue.assignees.map(login => userShape(view, login));
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId(issue.pull === null ? 'Issue' : 'PullRequest', issue.id),
    number: issue.number,
    title: issue.title,
    user: userShape(view, issue.author),
    labels: labelShapes(view, repository, issue.labels),
    state: issue.state,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(view.accounts, repository, issue.author),
    type: null,
    active_lock_reason: null,
    ...(issue.pull === null ? relationsOf(view, issue) : pullPartOf(api, page, issue)),
    body: issue.body,
    closed_by: userOrNull(view, issue.closedBy),
    reactions: reactionsShape(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
  };
}

/** No reactions, as an object. */
export function reactionsShape(url: string) {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}

function pullPartOf(api: string, page: string, { number, pull }: IssueRecord) {
  return {
    draft: pull?.draft ?? false,
    pull_request: {
      url: `${api}/pulls/${number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull?.mergedAt ?? null,
    },
  };
}

function relationsOf({ board, url }: View, issue: IssueRecord) {
  const subIssues = subIssueCounts(board, issue);
  const dependencies = dependencyCounts(board, issue);
  return {
    sub_issues_summary: {
      total: subIssues.total,
      completed: subIssues.completed,
      percent_completed: subIssues.percentCompleted,
    },
    issue_dependencies_summary: {
      blocked_by: dependencies.blockedBy,
      total_blocked_by: dependencies.totalBlockedBy,
      blocking: dependencies.blocking,
      total_blocking: dependencies.totalBlocking,
    },
    parent_issue_url: issue.parent === null ? null : `${url}/repos/${issue.parent.replace('#', '/issues/')}`,
  };
}
