import { allows, roleIn } from '../access.ts';
import { addComment, amendIssue } from '../board/issues.ts';
import { stamp } from '../clock.ts';
import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, pathPart, viewOf } from '../http/environment.ts';
import { forbidden, notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { CommentRecord, IssueRecord, RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { commentShape } from '../shapes/comment.ts';
import type { Board } from '../shelves.ts';
import type { ForgeRoutes } from './app.ts';
import { sinceOf } from './issue-filter.ts';
import { openForTalk, openIssue, openRepository, readFields, signedIn } from './open.ts';

/** Comments on issues and pull requests. */
export function addCommentRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/issues/comments', c => {
    const repository = openRepository(c, parts, 'read');
    const view = listViewOf(c, parts);
    const { sort = 'created', direction = 'asc', since } = c.req.query();
    const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
    const sign = direction === 'desc' ? -1 : 1;
    const rows = commentsSince(view.board, nameOf(repository), since).sort(
      (a, b) => sign * (a.comment[key].localeCompare(b.comment[key]) || a.comment.id - b.comment.id),
    );
    return answerPage(c, rows, row => commentShape(view, repository, row));
  });

  app.get('/repos/:owner/:repo/issues/comments/:comment_id', c => {
    const repository = openRepository(c, parts, 'read');
    return answer(c, commentShape(viewOf(c, parts), repository, findComment(c, parts, repository)));
  });

  app.patch('/repos/:owner/:repo/issues/comments/:comment_id', async c => {
    const fields = await readFields(c, 'IssueComment');
    const repository = openForTalk(c, parts);
    const { issue, comment } = findComment(c, parts, repository);
    refuseStranger(c, parts, { repository, comment });
    const body = bodyOf(fields);
    const edited = { ...comment, body, updatedAt: stamp(parts.clock, comment.updatedAt) };
    const comments = issue.comments.map(other => (other.id === comment.id ? edited : other));
    amendIssue(parts, issue, { comments });
    return answer(c, commentShape(viewOf(c, parts), repository, { issue, comment: edited }));
  });

  app.delete('/repos/:owner/:repo/issues/comments/:comment_id', c => {
    const repository = openForTalk(c, parts);
    const { issue, comment } = findComment(c, parts, repository);
    refuseStranger(c, parts, { repository, comment });
    amendIssue(parts, issue, { comments: issue.comments.filter(({ id }) => id !== comment.id) });
    return answerNothing(c);
  });

  app.get('/repos/:owner/:repo/issues/:issue_number/comments', c => {
    const repository = openRepository(c, parts, 'read');
    const { number } = openIssue(c, parts, repository);
    const view = listViewOf(c, parts);
    const rows = commentsSince(view.board, nameOf(repository), c.req.query('since'), number);
    return answerPage(c, rows, row => commentShape(view, repository, row));
  });

  app.post('/repos/:owner/:repo/issues/:issue_number/comments', async c => {
    const fields = await readFields(c, 'IssueComment');
    const repository = openForTalk(c, parts);
    const issue = openIssue(c, parts, repository);
    const comment = addComment(parts, issue, { author: signedIn(c), body: bodyOf(fields) });
    const shape = commentShape(viewOf(c, parts), repository, { issue, comment });
    c.header('location', shape.url);
    return answer(c, shape, 201);
  });
}

interface CommentOnIssue {
  readonly issue: IssueRecord;
  readonly comment: CommentRecord;
}

function commentsSince(
  board: Board,
  name: string,
  since: string | undefined,
  number?: number,
): CommentOnIssue[] {
  const earliest = since === undefined ? '' : sinceOf(since);
  const issues =
    number === undefined ? board.issues(name) : [board.issue(keyOf({ repository: name, number }))];
  return issues.flatMap(issue =>
    issue === undefined
      ? []
      : issue.comments.filter(({ updatedAt }) => updatedAt >= earliest).map(comment => ({ issue, comment })),
  );
}

function findComment(c: ForgeContext, { store }: Parts, repository: RepositoryRecord): CommentOnIssue {
  const wanted = Number(pathPart(c, 'comment_id'));
  for (const issue of store.issues(nameOf(repository))) {
    const comment = issue.comments.find(({ id }) => id === wanted);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

function refuseStranger(
  c: ForgeContext,
  { accounts }: Parts,
  { repository, comment }: { repository: RepositoryRecord; comment: CommentRecord },
): void {
  const login = signedIn(c);
  if (comment.author === login || allows(roleIn(accounts, repository, login), 'write')) return;
  throw forbidden();
}

function bodyOf(fields: Fields): string {
  const body = fields.requiredText('body');
  checkLength('IssueComment', 'body', body, MAXIMUM.body);
  return body;
}
