import type { CommentRecord, IssueRecord, RepositoryRecord } from '../records.ts';
import { nodeId } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { Drawing, Node } from './nodes.ts';
import { authorFields, labelNode, NO_REACTIONS, nothing, peopleOf } from './nodes.ts';

/** What an issue and a pull request have in common; `page` is the address for people. */
export function conversationFields(
  drawing: Drawing,
  repository: RepositoryRecord,
  { issue, page }: { issue: IssueRecord; page: string },
): Node {
  return {
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: page,
    ...authorFields(drawing, repository, issue.author),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    closed: issue.state === 'closed',
    locked: false,
    labels: (slice: Slice) => labelsOf(drawing, { repository, issue }, slice),
    assignees: (slice: Slice) => peopleOf(drawing, issue.assignees, slice),
    comments: (slice: Slice) =>
      connectionOf(issue.comments, slice, comment => commentNode(drawing, repository, { comment, page })),
    milestone: null,
    projectCards: nothing,
    projectItems: nothing,
    reactionGroups: NO_REACTIONS,
  };
}

/** `IssueComment`, on the issue or pull request of a page. */
export function commentNode(
  drawing: Drawing,
  repository: RepositoryRecord,
  { comment, page }: { comment: CommentRecord; page: string },
): Node {
  return {
    __typename: 'IssueComment',
    id: nodeId('IssueComment', comment.id),
    databaseId: comment.id,
    ...authorFields(drawing, repository, comment.author),
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    includesCreatedEdit: comment.updatedAt !== comment.createdAt,
    isMinimized: false,
    minimizedReason: null,
    reactionGroups: NO_REACTIONS,
    url: `${page}#issuecomment-${comment.id}`,
  };
}

function labelsOf(
  drawing: Drawing,
  { repository, issue }: { repository: RepositoryRecord; issue: IssueRecord },
  slice: Slice,
) {
  const labels = issue.labels.flatMap(id => repository.labels.find(label => label.id === id) ?? []);
  return connectionOf(labels, slice, label => labelNode(drawing, repository, label));
}
