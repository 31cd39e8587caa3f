import type { CommentOnIssue } from '../board/comments.ts';
import { changeComment, findComment, postComment, removeComment } from '../board/comments.ts';
import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, pathPart, viewOf } from '../http/environment.ts';
import { notFound } from '../http/failures.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { RepositoryRecord } from '../records.ts';
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
    return answer(c, commentShape(viewOf(c, parts), repository, openComment(c, parts, repository)));
  });

  app.patch('/repos/:owner/:repo/issues/comments/:comment_id', async c => {
    const fields = await readFields(c, 'IssueComment');
    const repository = openForTalk(c, parts);
    const found = openComment(c, parts, repository);
    const edited = changeComment(parts, repository, { ...found, fields, by: signedIn(c) });
    return answer(c, commentShape(viewOf(c, parts), repository, { ...found, comment: edited }));
  });

  app.delete('/repos/:owner/:repo/issues/comments/:comment_id', c => {
    const repository = openForTalk(c, parts);
    removeComment(parts, repository, { ...openComment(c, parts, repository), by: signedIn(c) });
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
    const comment = postComment(parts, issue, { fields, by: signedIn(c) });
    const shape = commentShape(viewOf(c, parts), repository, { issue, comment });
    c.header('location', shape.url);
    return answer(c, shape, 201);
  });
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

function openComment(c: ForgeContext, { store }: Parts, repository: RepositoryRecord): CommentOnIssue {
  const found = findComment(store, nameOf(repository), Number(pathPart(c, 'comment_id')));
  if (found === null) throw notFound();
  return found;
}
