import { associationOf, roleIn } from '../access.ts';
import { labelNamed } from '../board/labels.ts';
import { dependencyCounts, subIssueCounts } from '../board/relations.ts';
import type { CommentRecord, IssueKey, IssueRecord, RepositoryRecord } from '../records.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, actorOrNull, labelNode } from './nodes.ts';
import { repositoryNode } from './repository-node.ts';

/** `Issue`. */
export function issueNode(drawing: Drawing, repository: RepositoryRecord, issue: IssueRecord): Node {
  const { view } = drawing;
  const page = `${pageOf(view, issue.repository)}/issues/${issue.number}`;
  const linked = (keys: readonly IssueKey[]) => (slice: Slice) => issuesByKey(drawing, keys, slice);
  return {
    id: nodeId('Issue', issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: page,
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    author: () => actorNode(drawing, issue.author),
    editor: () => actorOrNull(drawing, issue.editor),
    lastEditedAt: issue.editedAt,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    closed: issue.state === 'closed',
    authorAssociation: () => associationOf(view.accounts, repository, issue.author),
    repository: () => repositoryNode(drawing, repository),
    labels: (slice: Slice) => labelsOf(repository, issue, slice),
    assignees: (slice: Slice) => connectionOf(issue.assignees, slice, login => actorNode(drawing, login)),
    comments: (slice: Slice) =>
      connectionOf(issue.comments, slice, comment => commentNode(drawing, page, comment)),
    blockedBy: linked(issue.blockedBy),
    blocking: linked(issue.blocking),
    subIssues: linked(issue.subIssues),
    parent: () => (issue.parent === null ? null : nodeByKey(drawing, issue.parent)),
    issueDependenciesSummary: () => dependencyCounts(view.board, issue),
    subIssuesSummary: () => subIssueCounts(view.board, issue),
  };
}

/** A connection over issues of any repository that the login may see. */
export function issuesByKey(drawing: Drawing, keys: readonly IssueKey[], slice: Slice) {
  const known = keys.filter(key => nodeByKey(drawing, key) !== null);
  return connectionOf(known, slice, key => nodeByKey(drawing, key));
}

/** The labels of an issue or a pull request. */
export function labelsOf(repository: RepositoryRecord, issue: IssueRecord, slice: Slice) {
  const labels = issue.labels.flatMap(id => repository.labels.find(label => label.id === id) ?? []);
  return connectionOf(labels, slice, labelNode);
}

/** The issues that the arguments of `issues` ask for. */
export function selectIssueRecords(
  repository: RepositoryRecord,
  issues: readonly IssueRecord[],
  filter: IssueSelection,
): readonly IssueRecord[] {
  const states = filter.states ?? filter.filterBy?.states ?? null;
  const since = filter.filterBy?.since ?? '';
  const ids = (filter.labels ?? filter.filterBy?.labels ?? []).map(
    name => labelNamed(repository, name)?.id ?? -1,
  );
  const rows = issues.filter(
    issue =>
      (states === null || states.includes(issue.state.toUpperCase())) &&
      (ids.length === 0 || ids.some(id => issue.labels.includes(id))) &&
      issue.updatedAt >= since,
  );
  return sortRecords(rows, filter.orderBy);
}

export interface IssueSelection {
  readonly states?: readonly string[];
  readonly labels?: readonly string[];
  readonly orderBy?: RecordOrder;
  readonly filterBy?: { since?: string; labels?: readonly string[]; states?: readonly string[] };
}

export interface RecordOrder {
  readonly field: string;
  readonly direction: string;
}

/** Sorted as asked, by creation when not asked; what is equal by number. */
export function sortRecords<T extends IssueRecord>(
  rows: readonly T[],
  order: RecordOrder | undefined,
): readonly T[] {
  const sign = order?.direction === 'DESC' ? -1 : 1;
  const key = order?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  return [...rows].sort((a, b) => {
    if (order?.field === 'COMMENTS')
      return sign * (a.comments.length - b.comments.length || a.number - b.number);
    return sign * ((a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) || a.number - b.number);
  });
}

function nodeByKey(drawing: Drawing, key: IssueKey): Node | null {
  const issue = drawing.view.board.issue(key);
  const repository = issue === undefined ? undefined : drawing.view.board.repository(issue.repository);
  if (issue === undefined || repository === undefined || !isVisible(drawing, repository)) return null;
  return issueNode(drawing, repository, issue);
}

function isVisible({ view }: Drawing, repository: RepositoryRecord): boolean {
  return roleIn(view.accounts, repository, view.login) !== null;
}

function commentNode(drawing: Drawing, page: string, comment: CommentRecord) {
  return {
    id: nodeId('IssueComment', comment.id),
    databaseId: comment.id,
    author: () => actorNode(drawing, comment.author),
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    url: `${page}#issuecomment-${comment.id}`,
  };
}
