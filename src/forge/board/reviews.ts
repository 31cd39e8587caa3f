import { stamp } from '../clock.ts';
import { invalidBecause } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { PullIssue, ReviewRecord } from '../records.ts';
import { amendIssue } from './issues.ts';

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

/** Reviews a pull request from the fields of a request; 422 for a verdict on one's own. */
export function addReview(
  parts: Parts,
  issue: PullIssue,
  { fields, by }: { fields: Fields; by: string },
): ReviewRecord {
  const event = fields.choice('event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']) ?? 'COMMENT';
  const body = fields.text('body') ?? '';
  checkLength('PullRequestReview', 'body', body, MAXIMUM.body);
  if (by === issue.author && event !== 'COMMENT') {
    const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw invalidBecause('PullRequestReview', `Can not ${verb} your own pull request`);
  }
  if (event !== 'APPROVE' && body === '') {
    throw invalidBecause('PullRequestReview', 'Body can not be blank', 'body');
  }
  const review = {
    id: parts.store.nextId(),
    author: by,
    body,
    state: STATES[event],
    commit: fields.text('commit_id') ?? issue.pull.head.sha,
    submittedAt: stamp(parts.clock),
  };
  setReviews(parts, issue, [...issue.pull.reviews, review]);
  return review;
}

/** Takes a review's verdict away. */
export function dismissReview(parts: Parts, issue: PullIssue, known: ReviewRecord): ReviewRecord {
  const review: ReviewRecord = { ...known, state: 'DISMISSED' };
  setReviews(
    parts,
    issue,
    issue.pull.reviews.map(other => (other.id === known.id ? review : other)),
  );
  return review;
}

/** Asks logins for a review, beside those that were asked before; unknown ones are left out, 422 for the author. */
export function requestReviews(parts: Parts, issue: PullIssue, logins: readonly string[]): PullIssue {
  if (logins.includes(issue.author)) {
    throw invalidBecause('PullRequest', 'Review cannot be requested from pull request author.');
  }
  const reviewers = [...new Set([...issue.pull.reviewers, ...logins.filter(parts.accounts.isUser)])];
  const pull = { ...issue.pull, reviewers };
  return { ...amendIssue(parts, issue, { pull }), pull };
}

function setReviews(parts: Parts, issue: PullIssue, reviews: readonly ReviewRecord[]): void {
  amendIssue(parts, issue, { pull: { ...issue.pull, reviews } });
}
