import { invalid, invalidBecause } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, PullRecord, RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { refuseStranger } from './admission.ts';
import { amendPull } from './amend-pull.ts';
import { createIssue, editIssue } from './issues.ts';
import { settleRefs } from './settle.ts';

/** Opens a pull request from the fields of a request, or throws what GitHub answers. To be run in turn. */
export async function openPull(
  parts: Parts,
  repository: RepositoryRecord,
  { fields, by }: { fields: Fields; by: string },
): Promise<PullIssue> {
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

/** Changes a pull request by the fields of a request; its author may, and whoever may write. To be run in turn. */
export async function changePull(
  parts: Parts,
  repository: RepositoryRecord,
  { number, fields, by }: { number: number; fields: Fields; by: string },
): Promise<PullIssue> {
  const { author } = currentPull(parts, repository, number);
  refuseStranger(parts, repository, { login: by, author, needed: 'write' });
  checkTexts(fields);
  const name = nameOf(repository);
  const title = fields.text('title');
  const body = fields.nullable('body');
  const state = fields.choice('state', ['open', 'closed']);
  const branch = fields.text('base');
  const base = branch === undefined ? null : await baseOf(parts, repository, branch);
  const table = await parts.refs.of(name);

  const issue = currentPull(parts, repository, number);
  if (state === 'open' && issue.state === 'closed') {
    const headExists = table.has(`refs/heads/${issue.pull.head.ref}`);
    refuseReopening(parts, repository, { pull: issue.pull, headExists });
  }
  if (base !== null) amendPull(parts, issue, { base });
  const edit = {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
  };
  editIssue(parts, issue, edit, by);
  await settleRefs(parts, name, by);
  return currentPull(parts, repository, number);
}

/** Makes a draft of a pull request, or makes it ready; its author may, and whoever may write. */
export function setDraft(
  parts: Parts,
  repository: RepositoryRecord,
  { number, draft, by }: { number: number; draft: boolean; by: string },
): PullIssue {
  const issue = currentPull(parts, repository, number);
  refuseStranger(parts, repository, { login: by, author: issue.author, needed: 'write' });
  if (issue.state === 'closed') throw invalidBecause('PullRequest', 'The pull request is closed.');
  amendPull(parts, issue, { draft });
  return currentPull(parts, repository, number);
}

function currentPull({ store }: Parts, repository: RepositoryRecord, number: number): PullIssue {
  const issue = store.issue(keyOf({ repository: nameOf(repository), number }));
  if (issue === undefined || issue.pull === null) throw new Error(`no pull request ${number}`);
  return { ...issue, pull: issue.pull };
}

function refuseReopening(
  parts: Parts,
  repository: RepositoryRecord,
  { pull, headExists }: { pull: PullRecord; headExists: boolean },
): void {
  const isMerged = pull.mergedAt !== null;
  if (isMerged || !headExists) {
    const reason = isMerged ? '' : ' The head branch was deleted.';
    throw invalidBecause('PullRequest', `state cannot be changed.${reason}`, 'state');
  }
  refuseTwin(parts, repository, pull);
}

function checkTexts(fields: Fields): void {
  checkLength('PullRequest', 'title', fields.text('title'), MAXIMUM.title);
  checkLength('PullRequest', 'body', fields.nullable('body'), MAXIMUM.body);
}
