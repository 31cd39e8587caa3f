import { associationOf } from '../access.ts';
import type { IssueRecord, RepositoryRecord, ReviewRecord } from '../records.ts';
import { userShape } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

/** GitHub's `pull-request-review`. */
export function reviewShape(
  view: View,
  repository: RepositoryRecord,
  { issue, review }: { issue: IssueRecord; review: ReviewRecord },
) {
  const pull = `${apiOf(view, issue.repository)}/pulls/${issue.number}`;
  const page = `${pageOf(view, issue.repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userShape(view, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(view.accounts, repository, review.author),
    _links: { html: { href: page }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  };
}
