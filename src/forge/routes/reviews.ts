import { amendIssue } from '../board/issues.ts';
import { stamp } from '../clock.ts';
import { answer } from '../http/answers.ts';
import { listViewOf, pathPart, viewOf } from '../http/environment.ts';
import { invalidBecause, notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { PullIssue, ReviewRecord } from '../records.ts';
import { simplePullShape } from '../shapes/pull.ts';
import { reviewShape } from '../shapes/review.ts';
import type { ForgeRoutes } from './app.ts';
import { openForTalk, openPullOf, openRepository, readFields, signedIn } from './open.ts';
import { trialMergeOf } from './pull-answer.ts';

/** Reviews of pull requests, without comments on lines. */
export function addReviewRoutes(app: ForgeRoutes, parts: Parts): void {
  const path = '/repos/:owner/:repo/pulls/:pull_number/reviews';

  app.get(path, c => {
    const repository = openRepository(c, parts, 'read');
    const issue = openPullOf(c, parts, repository);
    const view = listViewOf(c, parts);
    return answerPage(c, issue.pull.reviews, review => reviewShape(view, repository, { issue, review }));
  });

  app.post(path, async c => {
    const fields = await readFields(c, 'PullRequestReview');
    const repository = openForTalk(c, parts);
    const issue = openPullOf(c, parts, repository);
    const review = reviewFrom(parts, fields, { issue, author: signedIn(c) });
    setReviews(parts, issue, [...issue.pull.reviews, review]);
    return answer(c, reviewShape(viewOf(c, parts), repository, { issue, review }));
  });

  app.put(`${path}/:review_id/dismissals`, async c => {
    const repository = openRepository(c, parts, 'write');
    const issue = openPullOf(c, parts, repository);
    const id = Number(pathPart(c, 'review_id'));
    const known = issue.pull.reviews.find(review => review.id === id);
    if (known === undefined) throw notFound();
    const review: ReviewRecord = { ...known, state: 'DISMISSED' };
    setReviews(
      parts,
      issue,
      issue.pull.reviews.map(other => (other.id === id ? review : other)),
    );
    return answer(c, reviewShape(viewOf(c, parts), repository, { issue, review }));
  });

  app.post('/repos/:owner/:repo/pulls/:pull_number/requested_reviewers', async c => {
    const logins = (await readFields(c, 'PullRequest')).texts('reviewers') ?? [];
    const repository = openRepository(c, parts, 'write');
    const issue = openPullOf(c, parts, repository);
    if (logins.includes(issue.author)) {
      throw invalidBecause('PullRequest', 'Review cannot be requested from pull request author.');
    }
    const reviewers = [...new Set([...issue.pull.reviewers, ...logins.filter(parts.accounts.isUser)])];
    const pull = { ...issue.pull, reviewers };
    const amended = { ...amendIssue(parts, issue, { pull }), pull };
    const testMerge = await trialMergeOf(parts, amended);
    return answer(c, simplePullShape(viewOf(c, parts), repository, { issue: amended, testMerge }), 201);
  });
}

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

function reviewFrom(
  { store, clock }: Parts,
  fields: Fields,
  { issue, author }: { issue: PullIssue; author: string },
): ReviewRecord {
  const event = fields.choice('event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']) ?? 'COMMENT';
  const body = fields.text('body') ?? '';
  checkLength('PullRequestReview', 'body', body, MAXIMUM.body);
  if (author === issue.author && event !== 'COMMENT') {
    const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw invalidBecause('PullRequestReview', `Can not ${verb} your own pull request`);
  }
  if (event !== 'APPROVE' && body === '') {
    throw invalidBecause('PullRequestReview', 'Body can not be blank', 'body');
  }
  return {
    id: store.nextId(),
    author,
    body,
    state: STATES[event],
    commit: fields.text('commit_id') ?? issue.pull.head.sha,
    submittedAt: stamp(clock),
  };
}

function setReviews(parts: Parts, issue: PullIssue, reviews: readonly ReviewRecord[]): void {
  amendIssue(parts, issue, { pull: { ...issue.pull, reviews } });
}
