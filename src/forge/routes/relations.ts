import { addBlocker, addSubIssue, removeBlocker, removeSubIssue } from '../board/relations.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, viewOf } from '../http/environment.ts';
import { ApiFailure, invalid, notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueKey, IssueRecord, RepositoryRecord } from '../records.ts';
import { keyOf } from '../records.ts';
import { issueShape } from '../shapes/issue.ts';
import type { View } from '../shapes/view.ts';
import type { ForgeRoutes } from './app.ts';
import { openIssue, openRepository, readFields } from './open.ts';

const ISSUE = '/repos/:owner/:repo/issues/:issue_number';

/** Dependencies and sub-issues. Bodies name issues by their database id, as on GitHub. */
export function addRelationRoutes(app: ForgeRoutes, parts: Parts): void {
  addDependencyRoutes(app, parts);
  addSubIssueRoutes(app, parts);
}

function addDependencyRoutes(app: ForgeRoutes, parts: Parts): void {
  const blockedBy = `${ISSUE}/dependencies/blocked_by`;

  app.get(blockedBy, c => listIssues(c, parts, openAny(c, parts).blockedBy));
  app.get(`${ISSUE}/dependencies/blocking`, c => listIssues(c, parts, openAny(c, parts).blocking));

  app.post(blockedBy, async c => {
    const fields = await readFields(c, 'Issue');
    const issue = openOwn(c, parts);
    const blocker = issueFrom(parts, fields, 'issue_id');
    if (blocker.id === issue.id) throw new ApiFailure(422, 'An issue cannot be blocked by itself');
    if (issue.blockedBy.includes(keyOf(blocker))) {
      throw invalid({ resource: 'Issue', code: 'already_exists', field: 'issue_id' });
    }
    addBlocker(parts, issue, blocker);
    return show(c, parts, { key: keyOf(issue), status: 201 });
  });

  app.delete(`${blockedBy}/:issue_id`, c => {
    const issue = openOwn(c, parts);
    const blocker = parts.store.issueById(Number(c.req.param('issue_id')));
    if (blocker === undefined || !issue.blockedBy.includes(keyOf(blocker))) throw notFound();
    removeBlocker(parts, issue, blocker);
    return show(c, parts, { key: keyOf(issue), status: 200 });
  });
}

function addSubIssueRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get(`${ISSUE}/sub_issues`, c => listIssues(c, parts, openAny(c, parts).subIssues));

  app.get(`${ISSUE}/parent`, c => {
    const { parent } = openAny(c, parts);
    if (parent === null) throw notFound();
    return show(c, parts, { key: parent, status: 200 });
  });

  app.post(`${ISSUE}/sub_issues`, async c => {
    const fields = await readFields(c, 'SubIssue');
    const issue = openOwn(c, parts);
    const child = issueFrom(parts, fields, 'sub_issue_id');
    if (child.id === issue.id) throw new ApiFailure(422, 'An issue cannot be its own sub-issue');
    if (child.parent !== null && fields.flag('replace_parent') !== true) {
      throw new ApiFailure(422, 'Sub-issue may only have one parent');
    }
    if (issue.subIssues.length >= MOST_SUB_ISSUES) {
      throw new ApiFailure(422, `Parent cannot have more than ${MOST_SUB_ISSUES} sub-issues`);
    }
    addSubIssue(parts, issue, child);
    return show(c, parts, { key: keyOf(issue), status: 201 });
  });

  app.delete(`${ISSUE}/sub_issue`, async c => {
    const fields = await readFields(c, 'SubIssue');
    const issue = openOwn(c, parts);
    const child = issueFrom(parts, fields, 'sub_issue_id');
    if (child.parent !== keyOf(issue)) throw notFound();
    removeSubIssue(parts, issue, child);
    return show(c, parts, { key: keyOf(issue), status: 200 });
  });
}

/** GitHub docs, "Adding sub-issues"; closed ones count. */
const MOST_SUB_ISSUES = 100;

function openAny(c: ForgeContext, parts: Parts): IssueRecord {
  return openIssue(c, parts, openRepository(c, parts, 'read'));
}

function openOwn(c: ForgeContext, parts: Parts): IssueRecord {
  return openIssue(c, parts, openRepository(c, parts, 'triage'));
}

function issueFrom({ store }: Parts, fields: Fields, name: string): IssueRecord {
  const id = fields.number(name);
  if (id === undefined) throw invalid({ resource: 'Issue', field: name, code: 'missing_field' });
  const issue = store.issueById(id);
  if (issue === undefined) throw notFound();
  if (issue.pull !== null) throw new ApiFailure(422, 'The provided issue is a pull request');
  return issue;
}

function listIssues(c: ForgeContext, parts: Parts, keys: readonly IssueKey[]): Promise<Response> {
  const view = listViewOf(c, parts);
  const rows = keys.flatMap(key => view.board.issue(key) ?? []);
  return answerPage(c, rows, issue => issueShape(view, homeOf(view, issue), issue));
}

function show(
  c: ForgeContext,
  parts: Parts,
  { key, status }: { key: IssueKey; status: 200 | 201 },
): Response {
  const view = viewOf(c, parts);
  const issue = parts.store.issue(key);
  if (issue === undefined) throw notFound();
  return answer(c, issueShape(view, homeOf(view, issue), issue), status);
}

function homeOf(view: View, issue: IssueRecord): RepositoryRecord {
  const repository = view.board.repository(issue.repository);
  if (repository === undefined) throw notFound();
  return repository;
}
