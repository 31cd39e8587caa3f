import { allows, roleIn } from '../access.ts';
import type { IssueEdit } from '../board/issues.ts';
import { createIssue, editIssue } from '../board/issues.ts';
import { labelIds } from '../board/labels.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, viewOf } from '../http/environment.ts';
import { forbidden, invalid } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, RepositoryRecord, StateReason } from '../records.ts';
import { nameOf } from '../records.ts';
import { issueShape } from '../shapes/issue.ts';
import type { ForgeRoutes } from './app.ts';
import { selectIssues } from './issue-filter.ts';
import { openForTalk, openIssue, openRepository, readFields, refuseWithoutIssues, signedIn } from './open.ts';

/** `/repos/{owner}/{repo}/issues` and one issue. */
export function addIssueRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/issues', c => {
    const repository = openRepository(c, parts, 'read');
    refuseWithoutIssues(repository);
    const view = listViewOf(c, parts);
    const rows = selectIssues(view.board.issues(nameOf(repository)), repository, c.req.query());
    return answerPage(c, rows, issue => issueShape(view, repository, issue));
  });

  app.post('/repos/:owner/:repo/issues', async c => {
    const fields = await readFields(c, 'Issue');
    const repository = openForTalk(c, parts);
    refuseWithoutIssues(repository);
    const title = fields.requiredText('title');
    const body = fields.nullable('body') ?? null;
    checkTexts(fields);
    const mayTriage = isAllowed(c, parts, repository, 'triage');
    const issue = createIssue(parts, {
      repository: nameOf(repository),
      title,
      body,
      author: signedIn(c),
      labels: mayTriage ? labelIds(parts, nameOf(repository), labelNames(fields) ?? []) : [],
      assignees: mayTriage ? knownLogins(parts, fields.texts('assignees') ?? []) : [],
      pull: null,
    });
    return showIssue(c, parts, { repository, issue, status: 201 });
  });

  app.get('/repos/:owner/:repo/issues/:issue_number', c => {
    const repository = openRepository(c, parts, 'read');
    return showIssue(c, parts, { repository, issue: openIssue(c, parts, repository), status: 200 });
  });

  app.patch('/repos/:owner/:repo/issues/:issue_number', async c => {
    const fields = await readFields(c, 'Issue');
    const repository = openForTalk(c, parts);
    const issue = openIssue(c, parts, repository);
    checkTexts(fields);
    const by = signedIn(c);
    const mayTriage = isAllowed(c, parts, repository, 'triage');
    if (!mayTriage && by !== issue.author) throw forbidden();
    const edit = { ...textEdit(fields), ...(mayTriage ? triageEdit(parts, repository, fields) : {}) };
    const edited = editIssue(parts, issue, edit, by);
    return showIssue(c, parts, { repository, issue: edited, status: 200 });
  });
}

/** Names of labels in a body, each of a length that GitHub takes. */
export function labelNames(fields: Fields): readonly string[] | undefined {
  const names = Array.isArray(fields.raw)
    ? fields.raw.filter(name => typeof name === 'string')
    : fields.texts('labels');
  for (const name of names ?? []) {
    if (name.trim() === '') throw invalid({ resource: 'Label', code: 'invalid', field: 'name' });
    checkLength('Label', 'name', name, MAXIMUM.label);
  }
  return names;
}

function showIssue(
  c: ForgeContext,
  parts: Parts,
  { repository, issue, status }: { repository: RepositoryRecord; issue: IssueRecord; status: 200 | 201 },
): Response {
  const current = parts.store.repository(nameOf(repository)) ?? repository;
  const shape = issueShape(viewOf(c, parts), current, issue);
  if (status === 201) c.header('location', shape.url);
  return answer(c, shape, status);
}

function checkTexts(fields: Fields): void {
  if (fields.has('title')) fields.requiredText('title');
  checkLength(fields.resource, 'title', fields.text('title'), MAXIMUM.title);
  checkLength(fields.resource, 'body', fields.nullable('body'), MAXIMUM.body);
}

const REASONS: readonly StateReason[] = ['completed', 'not_planned', 'reopened', 'duplicate'];

function textEdit(fields: Fields): IssueEdit {
  const title = fields.text('title');
  const body = fields.nullable('body');
  const state = fields.choice('state', ['open', 'closed']);
  const stateReason = fields.choice('state_reason', REASONS);
  return {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
    ...(stateReason === undefined ? {} : { stateReason }),
  };
}

function triageEdit(parts: Parts, repository: RepositoryRecord, fields: Fields): IssueEdit {
  const labels = labelNames(fields);
  const assignees = fields.texts('assignees');
  return {
    ...(labels === undefined ? {} : { labels: labelIds(parts, nameOf(repository), labels) }),
    ...(assignees === undefined ? {} : { assignees: knownLogins(parts, assignees) }),
  };
}

/** GitHub leaves out logins that can't be assigned. */
function knownLogins({ accounts }: Parts, logins: readonly string[]): readonly string[] {
  return [...new Set(logins.filter(login => accounts.isUser(login)))];
}

function isAllowed(c: ForgeContext, parts: Parts, repository: RepositoryRecord, role: 'triage'): boolean {
  return allows(roleIn(parts.accounts, repository, signedIn(c)), role);
}
