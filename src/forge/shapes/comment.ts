import { associationOf } from '../access.ts';
import type { CommentRecord, IssueRecord, RepositoryRecord } from '../records.ts';
import { reactionsShape } from './issue.ts';
import { userShape } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

/** GitHub's `issue-comment`. */
export function commentShape(
  view: View,
  repository: RepositoryRecord,
  { issue, comment }: { issue: IssueRecord; comment: CommentRecord },
) {
  const api = `${apiOf(view, issue.repository)}/issues`;
  const url = `${api}/comments/${comment.id}`;
  const kind = issue.pull === null ? 'issues' : 'pull';
  return {
    url,
    html_url: `${pageOf(view, issue.repository)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${api}/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: userShape(view, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(view.accounts, repository, comment.author),
    body: comment.body,
    reactions: reactionsShape(url),
    performed_via_github_app: null,
  };
}
