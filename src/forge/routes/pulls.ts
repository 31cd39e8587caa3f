import { allows, roleIn } from '../access.ts';
import { createIssue, editIssue } from '../board/issues.ts';
import { mergePull } from '../board/merge-pull.ts';
import type { OpenPull } from '../board/mergeability.ts';
import { settleRefs } from '../board/settle.ts';
import { answer } from '../http/answers.ts';
import { listViewOf, viewOf } from '../http/environment.ts';
import { forbidden, invalid, invalidBecause } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, Oid, PullRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { commitShape, fileShape } from '../shapes/commit.ts';
import { simplePullShape } from '../shapes/pull.ts';
import type { ForgeRoutes } from './app.ts';
import { sortIssues } from './issue-filter.ts';
import { openForTalk, openPullOf, openRepository, readFields, signedIn } from './open.ts';
import { drawPull, filesOf, trialMergeOf } from './pull-answer.ts';

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
    return answer(c, await drawPull(viewOf(c, parts), parts, { repository, issue }));
  });

  app.patch('/repos/:owner/:repo/pulls/:pull_number', async c => {
    const repository = openForTalk(c, parts);
    const issue = openPullOf(c, parts, repository);
    const by = signedIn(c);
    const mayWrite = allows(roleIn(parts.accounts, repository, by), 'write');
    if (!mayWrite && by !== issue.author) throw forbidden();
    const fields = await readFields(c, 'PullRequest');
    const edited = await changePull(parts, { repository, issue }, { fields, by });
    return answer(c, await drawPull(viewOf(c, parts), parts, { repository, issue: edited }));
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
): readonly OpenPull[] {
  const { state = 'open', head, base } = query;
  const branch = head?.split(':').at(-1);
  const rows = issues.filter(
    (issue): issue is OpenPull =>
      issue.pull !== null &&
      (state === 'all' || issue.state === state) &&
      (branch === undefined || issue.pull.head.ref === branch) &&
      (base === undefined || issue.pull.base.ref === base),
  );
  return sortIssues(rows, query);
}

async function openPull(
  parts: Parts,
  repository: RepositoryRecord,
  { fields, by }: { fields: Fields; by: string },
): Promise<OpenPull> {
  const name = nameOf(repository);
  const title = fields.requiredText('title');
  checkTexts(fields);
  await settleRefs(parts, name, by);
  const head = fields.requiredText('head').replace(`${repository.owner}:`, '');
  const ends = {
    head: { ref: head, sha: await tipOf(parts, repository, { field: 'head', branch: head }) },
    base: await baseOf(parts, repository, fields.requiredText('base')),
  };
  refuseTwin(parts, repository, ends);
  const commits = await parts.commits.between(name, { base: ends.base.sha, head: ends.head.sha });
  if (commits.length === 0) {
    const reason = `No commits between ${ends.base.ref} and ${ends.head.ref}`;
    throw invalidBecause('PullRequest', reason);
  }
  const pull: PullRecord = {
    ...ends,
    draft: fields.flag('draft') ?? false,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    merging: null,
    reviews: [],
    reviewers: [],
  };
  const body = fields.nullable('body') ?? null;
  const issue = createIssue(parts, {
    repository: name,
    title,
    body,
    author: by,
    labels: [],
    assignees: [],
    pull,
  });
  await parts.refs.move(name, [
    { ref: `refs/pull/${issue.number}/head`, from: undefined, to: ends.head.sha },
  ]);
  return { ...issue, pull };
}

async function tipOf(
  { refs }: Parts,
  repository: RepositoryRecord,
  { field, branch }: { field: 'head' | 'base'; branch: string },
): Promise<Oid> {
  const tip = await refs.tip(nameOf(repository), branch);
  if (tip === null) throw invalid({ resource: 'PullRequest', field, code: 'invalid' });
  return tip;
}

async function baseOf(
  parts: Parts,
  repository: RepositoryRecord,
  branch: string,
): Promise<PullRecord['base']> {
  return { ref: branch, sha: await tipOf(parts, repository, { field: 'base', branch }) };
}

function refuseTwin(
  { store }: Parts,
  repository: RepositoryRecord,
  ends: Pick<PullRecord, 'head' | 'base'>,
): void {
  const twin = store
    .issues(nameOf(repository))
    .find(
      ({ state, pull }) =>
        state === 'open' && pull?.head.ref === ends.head.ref && pull.base.ref === ends.base.ref,
    );
  if (twin === undefined) return;
  const message = `A pull request already exists for ${repository.owner}:${ends.head.ref}.`;
  throw invalidBecause('PullRequest', message);
}

async function changePull(
  parts: Parts,
  { repository, issue }: { repository: RepositoryRecord; issue: OpenPull },
  { fields, by }: { fields: Fields; by: string },
): Promise<OpenPull> {
  checkTexts(fields);
  const title = fields.text('title');
  const body = fields.nullable('body');
  const state = fields.choice('state', ['open', 'closed']);
  const base = fields.text('base');
  if (state === 'open' && issue.state === 'closed') await refuseReopening(parts, repository, issue);
  const pull =
    base === undefined ? issue.pull : { ...issue.pull, base: await baseOf(parts, repository, base) };
  const edited = editIssue(
    parts,
    { ...issue, pull },
    {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { body }),
      ...(state === undefined ? {} : { state }),
    },
    by,
  );
  return { ...edited, pull };
}

async function refuseReopening(
  parts: Parts,
  repository: RepositoryRecord,
  { pull }: OpenPull,
): Promise<void> {
  const tip = await parts.refs.tip(nameOf(repository), pull.head.ref);
  if (pull.mergedAt === null && tip !== null) return refuseTwin(parts, repository, pull);
  const reason =
    pull.mergedAt === null
      ? 'state cannot be changed. The head branch was deleted.'
      : 'state cannot be changed.';
  throw invalidBecause('PullRequest', reason, 'state');
}

function checkTexts(fields: Fields): void {
  checkLength('PullRequest', 'title', fields.text('title'), MAXIMUM.title);
  checkLength('PullRequest', 'body', fields.nullable('body'), MAXIMUM.body);
}
