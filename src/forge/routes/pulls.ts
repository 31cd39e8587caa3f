import { mergePull } from '../board/merge-pull.ts';
import { trialMergeOf } from '../board/mergeability.ts';
import { filesOf, patchOf } from '../board/pull-files.ts';
import { changePull, openPull } from '../board/pulls.ts';
import { answer } from '../http/answers.ts';
import { listViewOf, viewOf } from '../http/environment.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, PullIssue } from '../records.ts';
import { nameOf } from '../records.ts';
import { commitShape, fileShape } from '../shapes/commit.ts';
import { simplePullShape } from '../shapes/pull.ts';
import type { ForgeRoutes } from './app.ts';
import { sortIssues } from './issue-filter.ts';
import { openForTalk, openPullOf, openRepository, readFields, signedIn } from './open.ts';
import { drawPull } from './pull-answer.ts';

/** Pull requests: list, open, change, merge, files and commits. */
export function addPullRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/pulls', async c => {
    const repository = openRepository(c, parts, 'read');
    const view = listViewOf(c, parts);
    const rows = selectPulls(view.board.issues(nameOf(repository)), c.req.query());
    return answerPage(c, rows, async issue =>
      simplePullShape(view, repository, { issue, testMerge: await trialMergeOf(parts, issue) }),
    );
  });

  app.post('/repos/:owner/:repo/pulls', async c => {
    const repository = openRepository(c, parts, 'write');
    const fields = await readFields(c, 'PullRequest');
    const by = signedIn(c);
    const issue = await parts.inTurn(nameOf(repository), () => openPull(parts, repository, { fields, by }));
    const shape = await drawPull(viewOf(c, parts), parts, { repository, issue });
    c.header('location', shape.url);
    return answer(c, shape, 201);
  });

  app.get('/repos/:owner/:repo/pulls/:pull_number', async c => {
    const repository = openRepository(c, parts, 'read');
    const issue = openPullOf(c, parts, repository);
    if (/[.+]diff\b/.test(c.req.header('accept') ?? '')) return c.text(await patchOf(parts, issue));
    return answer(c, await drawPull(viewOf(c, parts), parts, { repository, issue }));
  });

  app.patch('/repos/:owner/:repo/pulls/:pull_number', async c => {
    const fields = await readFields(c, 'PullRequest');
    const repository = openForTalk(c, parts);
    const { number } = openPullOf(c, parts, repository);
    const by = signedIn(c);
    const issue = await parts.inTurn(nameOf(repository), () =>
      changePull(parts, repository, { number, fields, by }),
    );
    return answer(c, await drawPull(viewOf(c, parts), parts, { repository, issue }));
  });

  app.put('/repos/:owner/:repo/pulls/:pull_number/merge', async c => {
    const repository = openRepository(c, parts, 'write');
    const { number } = openPullOf(c, parts, repository);
    const fields = await readFields(c, 'PullRequest');
    const order = {
      method: fields.choice('merge_method', ['merge', 'squash', 'rebase']) ?? 'merge',
      sha: fields.text('sha') ?? null,
      title: fields.text('commit_title') ?? null,
      message: fields.text('commit_message') ?? null,
      by: signedIn(c),
    };
    const name = nameOf(repository);
    const sha = await parts.inTurn(name, () => mergePull(parts, repository, { number, order }));
    return answer(c, { sha, merged: true, message: 'Pull Request successfully merged' });
  });

  app.get('/repos/:owner/:repo/pulls/:pull_number/merge', c => {
    const repository = openRepository(c, parts, 'read');
    const { pull } = openPullOf(c, parts, repository);
    return c.body(null, pull.mergedAt === null ? 404 : 204);
  });

  app.get('/repos/:owner/:repo/pulls/:pull_number/files', async c => {
    const repository = openRepository(c, parts, 'read');
    const issue = openPullOf(c, parts, repository);
    const name = nameOf(repository);
    const { sha } = issue.pull.head;
    const files = await filesOf(parts, issue);
    return answerPage(c, files, file => fileShape(viewOf(c, parts), name, { file, sha }));
  });

  app.get('/repos/:owner/:repo/pulls/:pull_number/commits', async c => {
    const repository = openRepository(c, parts, 'read');
    const name = nameOf(repository);
    const { pull } = openPullOf(c, parts, repository);
    const commits = await parts.commits.between(name, { base: pull.base.sha, head: pull.head.sha });
    return answerPage(c, commits, commit => commitShape(viewOf(c, parts), name, commit));
  });
}

function selectPulls(
  issues: readonly IssueRecord[],
  query: Readonly<Record<string, string>>,
): readonly PullIssue[] {
  const { state = 'open', head, base } = query;
  const branch = head?.split(':').at(-1);
  const rows = issues.filter(
    (issue): issue is PullIssue =>
      issue.pull !== null &&
      (state === 'all' || issue.state === state) &&
      (branch === undefined || issue.pull.head.ref === branch) &&
      (base === undefined || issue.pull.base.ref === base),
  );
  return sortIssues(rows, query);
}
