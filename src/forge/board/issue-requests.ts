import { allows, roleIn } from '../access.ts';
import { invalid } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, RepositoryRecord, StateReason } from '../records.ts';
import { nameOf } from '../records.ts';
import { refuseStranger, refuseWithoutIssues } from './admission.ts';
import type { IssueEdit } from './issues.ts';
import { createIssue, editIssue } from './issues.ts';
import { labelIds } from './labels.ts';

/** Files an issue from the fields of a request; labels and assignees count from whoever may triage. */
export function fileIssue(
  parts: Parts,
  repository: RepositoryRecord,
  { fields, by }: { fields: Fields; by: string },
): IssueRecord {
  refuseWithoutIssues(repository);
  const title = fields.requiredText('title');
  const body = fields.nullable('body') ?? null;
  checkTexts(fields);
  const mayTriage = isTriager(parts, repository, by);
  return createIssue(parts, {
    repository: nameOf(repository),
    title,
    body,
    author: by,
    labels: mayTriage ? labelIds(parts, nameOf(repository), labelNames(fields) ?? []) : [],
    assignees: mayTriage ? knownLogins(parts, fields.texts('assignees') ?? []) : [],
    pull: null,
  });
}

/** Changes an issue by the fields of a request, all in one change; its author may, and whoever may triage. */
export function changeIssue(
  parts: Parts,
  repository: RepositoryRecord,
  { issue, fields, by }: { issue: IssueRecord; fields: Fields; by: string },
): IssueRecord {
  checkTexts(fields);
  refuseStranger(parts, repository, { login: by, author: issue.author, needed: 'triage' });
  const triage = isTriager(parts, repository, by) ? triageEdit(parts, repository, fields) : {};
  return editIssue(parts, issue, { ...textEdit(fields), ...triage }, by);
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

function isTriager({ accounts }: Parts, repository: RepositoryRecord, login: string): boolean {
  return allows(roleIn(accounts, repository, login), 'triage');
}
