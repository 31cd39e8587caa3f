import { allows, roleIn } from '../access.ts';
import type { Parts } from '../parts.ts';
import type { PullRecord, RepositoryRecord, ReviewRecord } from '../records.ts';

/** GitHub's verdict over all reviews; null when no review is required and none decided anything. */
export type ReviewDecision = 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null;

/** The verdict, from the last deciding review of each login that may write. */
export function reviewDecision(
  { accounts }: Pick<Parts, 'accounts'>,
  repository: RepositoryRecord,
  pull: PullRecord,
): ReviewDecision {
  const deciding = decidingReviews(pull.reviews).filter(mayDecide({ accounts }, repository));
  const rule = repository.protections[pull.base.ref]?.reviews ?? null;
  if (deciding.some(({ state }) => state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  const approvals = deciding.filter(({ state }) => state === 'APPROVED').length;
  if (rule !== null) return approvals >= rule.approvals ? 'APPROVED' : 'REVIEW_REQUIRED';
  return approvals > 0 ? 'APPROVED' : null;
}

/** Whether the author of a review may write to the repository. */
export const mayDecide =
  ({ accounts }: Pick<Parts, 'accounts'>, repository: RepositoryRecord) =>
  ({ author }: ReviewRecord): boolean =>
    allows(roleIn(accounts, repository, author), 'write');

/** The last review of each author. */
export function latestReviews(reviews: readonly ReviewRecord[]): readonly ReviewRecord[] {
  return [...new Map(reviews.map(review => [review.author, review])).values()];
}

/** The last review of each author that approved or asked for changes and was not dismissed. */
export function decidingReviews(reviews: readonly ReviewRecord[]): readonly ReviewRecord[] {
  const deciding = latestReviews(reviews.filter(({ state }) => state !== 'COMMENTED'));
  return deciding.filter(({ state }) => state !== 'DISMISSED');
}
