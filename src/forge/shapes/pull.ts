import { associationOf } from '../access.ts';
import type { Mergeability } from '../board/mergeability.ts';
import type { FileChange } from '../git/diff.ts';
import type { PullIssue, RepositoryRecord } from '../records.ts';
import { labelShapes } from './label.ts';
import { repositoryShape } from './repository.ts';
import { userOrNull, userShape } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

/** GitHub's `pull-request-simple`, as in lists. `testMerge` is what an open one would merge to. */
export function simplePullShape(
  view: View,
  repository: RepositoryRecord,
  { issue, testMerge }: { issue: PullIssue; testMerge: string | null },
) {
  const { pull, number } = issue;
  const api = apiOf(view, issue.repository);
  const page = `${pageOf(view, issue.repository)}/pull/${number}`;
  const assignees = issue.assignees.map(login => userShape(view, login));
  return {
    url: `${api}/pulls/${number}`,
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${api}/issues/${number}`,
    number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userShape(view, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit ?? testMerge,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.reviewers.map(login => userShape(view, login)),
    requested_teams: [],
    labels: labelShapes(view, repository, issue.labels),
    milestone: null,
    draft: pull.draft,
    commits_url: `${api}/pulls/${number}/commits`,
    review_comments_url: `${api}/pulls/${number}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${number}/comments`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
    head: endShape(view, repository, pull.head),
    base: endShape(view, repository, pull.base),
    _links: linksOf({ api, page, number, sha: pull.head.sha }),
    author_association: associationOf(view.accounts, repository, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** GitHub's `pull-request`. */
export function pullShape(
  view: View,
  repository: RepositoryRecord,
  facts: {
    issue: PullIssue;
    mergeability: Mergeability;
    commits: number;
    files: readonly FileChange[];
  },
) {
  const { issue, mergeability, commits, files } = facts;
  return {
    ...simplePullShape(view, repository, { issue, testMerge: mergeability.testMerge }),
    merged: issue.pull.mergedAt !== null,
    mergeable: mergeability.mergeable,
    rebaseable: mergeability.mergeable,
    mergeable_state: mergeability.state,
    merged_by: userOrNull(view, issue.pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

function endShape(view: View, repository: RepositoryRecord, end: { ref: string; sha: string }) {
  return {
    label: `${repository.owner}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: userShape(view, repository.owner),
    repo: repositoryShape(view, repository),
  };
}

function linksOf({ api, page, number, sha }: { api: string; page: string; number: number; sha: string }) {
  return {
    self: { href: `${api}/pulls/${number}` },
    html: { href: page },
    issue: { href: `${api}/issues/${number}` },
    comments: { href: `${api}/issues/${number}/comments` },
    review_comments: { href: `${api}/pulls/${number}/comments` },
    review_comment: { href: `${api}/pulls/comments{/number}` },
    commits: { href: `${api}/pulls/${number}/commits` },
    statuses: { href: `${api}/statuses/${sha}` },
  };
}
