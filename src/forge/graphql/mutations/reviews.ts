import { addReview, requestReviews } from '../../board/reviews.ts';
import { fieldsOf } from '../../http/fields.ts';
import { pageOf } from '../../shapes/view.ts';
import { accountById, pullById } from '../identify.ts';
import { pullNode } from '../pull-node.ts';
import { reviewNode } from '../review-node.ts';
import type { Acting, Input } from './acting.ts';
import { enter } from './acting.ts';

interface ReviewInput extends Input {
  readonly pullRequestId: string;
  readonly event?: string | null;
  readonly body?: string | null;
  readonly commitOID?: string | null;
}

interface ReviewersInput extends Input {
  readonly pullRequestId: string;
  readonly userIds?: readonly string[] | null;
  /** Beside those that were asked before, instead of in their place. */
  readonly union: boolean;
}

/** Reviews of pull requests. */
export function reviewMutations(acting: Acting) {
  const { parts, login: by } = acting;
  return {
    addPullRequestReview({ input }: { input: ReviewInput }) {
      const { repository: seen, issue } = pullById(acting, input.pullRequestId);
      const repository = enter(acting, seen, 'talk');
      const { event, body, commitOID } = input;
      const fields = fieldsOf({ event, body, commit_id: commitOID }, 'PullRequestReview');
      const review = addReview(parts, issue, { fields, by });
      const page = `${pageOf(acting.view, issue.repository)}/pull/${issue.number}`;
      const pullRequestReview = () => reviewNode(acting, repository, { review, page });
      return { clientMutationId: input.clientMutationId, pullRequestReview };
    },
    requestReviews({ input }: { input: ReviewersInput }) {
      const { repository: seen, issue } = pullById(acting, input.pullRequestId);
      const repository = enter(acting, seen, 'write');
      const logins = (input.userIds ?? []).map(id => accountById(acting, id).login);
      const asked = input.union ? issue.pull.reviewers : [];
      const pull = { ...issue.pull, reviewers: asked };
      const amended = requestReviews(parts, { ...issue, pull }, logins);
      const pullRequest = () => pullNode(acting, repository, amended);
      return { clientMutationId: input.clientMutationId, pullRequest };
    },
  };
}
