import { refuseWithoutIssues } from '../board/admission.ts';
import { changeIssue, fileIssue } from '../board/issue-requests.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, viewOf } from '../http/environment.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { issueShape } from '../shapes/issue.ts';
import type { ForgeRoutes } from './app.ts';
import { selectIssues } from './issue-filter.ts';
import { openForTalk, openIssue, openRepository, readFields, signedIn } from './open.ts';

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
    const issue = fileIssue(parts, repository, { fields, by: signedIn(c) });
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
    const edited = changeIssue(parts, repository, { issue, fields, by: signedIn(c) });
    return showIssue(c, parts, { repository, issue: edited, status: 200 });
  });
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
