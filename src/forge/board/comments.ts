import { stamp } from '../clock.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { CommentRecord, IssueRecord, RepositoryName, RepositoryRecord } from '../records.ts';
import type { Board } from '../shelves.ts';
import { refuseStranger } from './admission.ts';
import { addComment, amendIssue } from './issues.ts';

/** A comment, and the issue or pull request that it is on. */
export interface CommentOnIssue {
  readonly issue: IssueRecord;
  readonly comment: CommentRecord;
}

/** The comment with that id in a repository. */
export function findComment(board: Board, name: RepositoryName, id: number): CommentOnIssue | null {
  for (const issue of board.issues(name)) {
    const comment = issue.comments.find(candidate => candidate.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  return null;
}

/** Comments from the fields of a request. */
export function postComment(
  parts: Parts,
  issue: IssueRecord,
  { fields, by }: { fields: Fields; by: string },
): CommentRecord {
  return addComment(parts, issue, { author: by, body: bodyOf(fields) });
}

/** Changes a comment by the fields of a request; its author may, and whoever may write. */
export function changeComment(
  parts: Parts,
  repository: RepositoryRecord,
  { issue, comment, fields, by }: CommentOnIssue & { fields: Fields; by: string },
): CommentRecord {
  refuseStranger(parts, repository, { login: by, author: comment.author, needed: 'write' });
  const body = bodyOf(fields);
  const edited = { ...comment, body, updatedAt: stamp(parts.clock, comment.updatedAt) };
  const comments = issue.comments.map(other => (other.id === comment.id ? edited : other));
  amendIssue(parts, issue, { comments });
  return edited;
}

/** Takes a comment away; its author may, and whoever may write. */
export function removeComment(
  parts: Parts,
  repository: RepositoryRecord,
  { issue, comment, by }: CommentOnIssue & { by: string },
): void {
  refuseStranger(parts, repository, { login: by, author: comment.author, needed: 'write' });
  amendIssue(parts, issue, { comments: issue.comments.filter(({ id }) => id !== comment.id) });
}

function bodyOf(fields: Fields): string {
  const body = fields.requiredText('body');
  checkLength('IssueComment', 'body', body, MAXIMUM.body);
  return body;
}
