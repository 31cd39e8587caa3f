import { decidingReviews, latestReviews, mayDecide } from '../board/review-state.ts';
import type { PullIssue, RepositoryRecord, ReviewRecord } from '../records.ts';
import { nodeId } from '../shapes/view.ts';
import { commitNode } from './commit-node.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, authorFields, NO_REACTIONS } from './nodes.ts';

interface ReviewSelection extends Slice {
  readonly author?: string | null;
  readonly states?: readonly string[] | null;
}

interface OpinionSelection extends Slice {
  readonly writersOnly?: boolean | null;
}

/** The reviews of a pull request, and who was asked for one. */
export function reviewFields(
  drawing: Drawing,
  repository: RepositoryRecord,
  { issue, page }: { issue: PullIssue; page: string },
): Node {
  const { reviews, reviewers } = issue.pull;
  const list = (rows: readonly ReviewRecord[], slice: Slice) =>
    connectionOf(rows, slice, review => reviewNode(drawing, repository, { review, page }));
  const waiting = reviewers.filter(login => !reviews.some(({ author }) => author === login));
  return {
    reviews({ author, states, ...slice }: ReviewSelection) {
      const rows = reviews.filter(
        review => (!author || review.author === author) && (!states || states.includes(review.state)),
      );
      return list(rows, slice);
    },
    latestReviews: (slice: Slice) => list(latestReviews(reviews), slice),
    latestOpinionatedReviews({ writersOnly, ...slice }: OpinionSelection) {
      const rows = decidingReviews(reviews);
      return list(writersOnly ? rows.filter(mayDecide(drawing.parts, repository)) : rows, slice);
    },
    reviewRequests: (slice: Slice) =>
      connectionOf(waiting, slice, login => ({ requestedReviewer: actorNode(drawing, login) })),
  };
}

/** `PullRequestReview`, of the pull request of a page. */
export function reviewNode(
  drawing: Drawing,
  repository: RepositoryRecord,
  { review, page }: { review: ReviewRecord; page: string },
): Node {
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PullRequestReview', review.id),
    databaseId: review.id,
    ...authorFields(drawing, repository, review.author),
    body: review.body,
    commit: () => commitNode(drawing, repository, review.commit),
    includesCreatedEdit: false,
    reactionGroups: NO_REACTIONS,
    state: review.state,
    submittedAt: review.submittedAt,
    url: `${page}#pullrequestreview-${review.id}`,
  };
}
