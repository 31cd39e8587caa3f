import { changeComment, postComment, removeComment } from '../../board/comments.ts';
import { fieldsOf } from '../../http/fields.ts';
import type { IssueRecord } from '../../records.ts';
import { pageOf } from '../../shapes/view.ts';
import { commentNode } from '../conversation.ts';
import { commentById, issueById } from '../identify.ts';
import { issueOrPullNode } from '../issue-node.ts';
import type { Acting, Input } from './acting.ts';
import { enter } from './acting.ts';

/** Comments on issues and pull requests. */
export function commentMutations(acting: Acting) {
  const { parts, login: by } = acting;
  const fieldsFor = (body: string) => fieldsOf({ body }, 'IssueComment');
  const pageFor = ({ repository, number, pull }: IssueRecord) =>
    `${pageOf(acting.view, repository)}/${pull === null ? 'issues' : 'pull'}/${number}`;

  return {
    addComment({ input }: { input: Input & { subjectId: string; body: string } }) {
      const { repository: seen, issue } = issueById(acting, input.subjectId);
      const repository = enter(acting, seen, 'talk');
      const comment = postComment(parts, issue, { fields: fieldsFor(input.body), by });
      const node = () => commentNode(acting, repository, { comment, page: pageFor(issue) });
      return {
        clientMutationId: input.clientMutationId,
        commentEdge: { cursor: String(comment.id), node },
        subject: () => issueOrPullNode(acting, repository, issueById(acting, input.subjectId).issue),
      };
    },
    updateIssueComment({ input }: { input: Input & { id: string; body: string } }) {
      const { repository: seen, issue, comment } = commentById(acting, input.id);
      const repository = enter(acting, seen, 'talk');
      const fields = fieldsFor(input.body);
      const edited = changeComment(parts, repository, { issue, comment, fields, by });
      const issueComment = () => commentNode(acting, repository, { comment: edited, page: pageFor(issue) });
      return { clientMutationId: input.clientMutationId, issueComment };
    },
    deleteIssueComment({ input }: { input: Input & { id: string } }) {
      const { repository: seen, issue, comment } = commentById(acting, input.id);
      removeComment(parts, enter(acting, seen, 'talk'), { issue, comment, by });
      return { clientMutationId: input.clientMutationId };
    },
  };
}
