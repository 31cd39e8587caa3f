import { trialMergeOf } from '../board/mergeability.ts';
import { addReview, dismissReview, requestReviews } from '../board/reviews.ts';
import { answer } from '../http/answers.ts';
import { listViewOf, pathPart, viewOf } from '../http/environment.ts';
import { notFound } from '../http/failures.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import { simplePullShape } from '../shapes/pull.ts';
import { reviewShape } from '../shapes/review.ts';
import type { ForgeRoutes } from './app.ts';
import { openForTalk, openPullOf, openRepository, readFields, signedIn } from './open.ts';

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
    const review = addReview(parts, issue, { fields, by: signedIn(c) });
    return answer(c, reviewShape(viewOf(c, parts), repository, { issue, review }));
  });

  app.put(`${path}/:review_id/dismissals`, async c => {
    const repository = openRepository(c, parts, 'write');
    const issue = openPullOf(c, parts, repository);
    const id = Number(pathPart(c, 'review_id'));
    const known = issue.pull.reviews.find(review => review.id === id);
    if (known === undefined) throw notFound();
    const review = dismissReview(parts, issue, known);
    return answer(c, reviewShape(viewOf(c, parts), repository, { issue, review }));
  });

  app.post('/repos/:owner/:repo/pulls/:pull_number/requested_reviewers', async c => {
    const logins = (await readFields(c, 'PullRequest')).texts('reviewers') ?? [];
    const repository = openRepository(c, parts, 'write');
    const issue = openPullOf(c, parts, repository);
    const amended = requestReviews(parts, issue, logins);
    const testMerge = await trialMergeOf(parts, amended);
    return answer(c, simplePullShape(viewOf(c, parts), repository, { issue: amended, testMerge }), 201);
  });
}
