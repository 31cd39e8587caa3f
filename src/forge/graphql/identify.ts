import { roleIn } from '../access.ts';
import type { CommentOnIssue } from '../board/comments.ts';
import { findComment } from '../board/comments.ts';
import type { AccountRecord, IssueRecord, LabelRecord, PullIssue, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { unresolved } from './failures.ts';
import type { Drawing } from './nodes.ts';

/** An issue or a pull request, and where it is. */
export interface IssueInRepository {
  readonly repository: RepositoryRecord;
  readonly issue: IssueRecord;
}

/** The repository with that node id; NOT_FOUND when there is none that the login may see. */
export function repositoryById(drawing: Drawing, id: string): RepositoryRecord {
  const { board } = drawing.view;
  const number = numberIn(id, ['Repository']);
  const repository = board.repositories().find(candidate => candidate.id === number);
  if (repository === undefined || !isVisible(drawing, repository)) throw unresolvedNode(id);
  return repository;
}

/** The issue or pull request. */
export function issueById(drawing: Drawing, id: string): IssueInRepository {
  const { board } = drawing.view;
  const issue = board.issueById(numberIn(id, ['Issue', 'PullRequest']) ?? 0);
  const repository = issue === undefined ? undefined : board.repository(issue.repository);
  if (issue === undefined || repository === undefined || !isVisible(drawing, repository)) {
    throw unresolvedNode(id);
  }
  return { repository, issue };
}

/** The pull request. */
export function pullById(
  drawing: Drawing,
  id: string,
): { readonly repository: RepositoryRecord; readonly issue: PullIssue } {
  const { repository, issue } = issueById(drawing, id);
  if (issue.pull === null) throw unresolvedNode(id);
  return { repository, issue: { ...issue, pull: issue.pull } };
}

/** The comment, of whatever repository. */
export function commentById(
  drawing: Drawing,
  id: string,
): CommentOnIssue & { readonly repository: RepositoryRecord } {
  const { board } = drawing.view;
  const number = numberIn(id, ['IssueComment']);
  for (const repository of board.repositories().filter(candidate => isVisible(drawing, candidate))) {
    const found = number === null ? null : findComment(board, nameOf(repository), number);
    if (found !== null) return { repository, ...found };
  }
  throw unresolvedNode(id);
}

/** A label of a repository. */
export function labelById(repository: RepositoryRecord, id: string): LabelRecord {
  const number = numberIn(id, ['Label']);
  const label = repository.labels.find(candidate => candidate.id === number);
  if (label === undefined) throw unresolvedNode(id);
  return label;
}

/** A person or an organisation. */
export function accountById({ view }: Drawing, id: string): AccountRecord {
  const number = numberIn(id, ['User', 'Organization']);
  const account = view.board.accounts().find(candidate => candidate.id === number);
  if (account === undefined) throw unresolvedNode(id);
  return account;
}

/** Whether the login that asks may see a repository. */
export function isVisible({ view }: Drawing, repository: RepositoryRecord): boolean {
  return roleIn(view.accounts, repository, view.login) !== null;
}

/** What kind of thing a node id names. */
export function kindOf(id: string): string {
  return Buffer.from(id, 'base64url').toString('utf8').split(':')[0] ?? '';
}

function numberIn(id: string, kinds: readonly string[]): number | null {
  const [kind = '', number] = Buffer.from(id, 'base64url').toString('utf8').split(':');
  return kinds.includes(kind) ? Number(number) : null;
}

/** GitHub's answer to a node id that it does not know. */
export function unresolvedNode(id: string) {
  return unresolved(`Could not resolve to a node with the global id of '${id}'.`);
}
