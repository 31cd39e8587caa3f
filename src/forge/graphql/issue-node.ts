import { closersOf } from '../board/closing.ts';
import { dependencyCounts, subIssueCounts } from '../board/relations.ts';
import type { IssueKey, IssueRecord, RepositoryRecord } from '../records.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import { conversationFields } from './conversation.ts';
import { isVisible } from './identify.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorOrNull } from './nodes.ts';
import { pullNode } from './pull-node.ts';
import { repositoryNode } from './repository-node.ts';

/** `Issue`. */
export function issueNode(drawing: Drawing, repository: RepositoryRecord, issue: IssueRecord): Node {
  const { view } = drawing;
  const page = `${pageOf(view, issue.repository)}/issues/${issue.number}`;
  const linked = (keys: readonly IssueKey[]) => (slice: Slice) => issuesByKey(drawing, keys, slice);
  return {
    __typename: 'Issue',
    id: nodeId('Issue', issue.id),
    ...conversationFields(drawing, repository, { issue, page }),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    editor: () => actorOrNull(drawing, issue.editor),
    lastEditedAt: issue.editedAt,
    isPinned: false,
    repository: () => repositoryNode(drawing, repository),
    blockedBy: linked(issue.blockedBy),
    blocking: linked(issue.blocking),
    subIssues: linked(issue.subIssues),
    parent: () => (issue.parent === null ? null : nodeByKey(drawing, issue.parent)),
    issueDependenciesSummary: () => dependencyCounts(view.board, issue),
    subIssuesSummary: () => subIssueCounts(view.board, issue),
    closedByPullRequestsReferences: (slice: Slice & { includeClosedPrs: boolean }) =>
      connectionOf(
        closersOf(drawing.parts, issue).filter(
          ({ state, pull }) => slice.includeClosedPrs || state === 'open' || pull.mergedAt !== null,
        ),
        slice,
        closer => pullNode(drawing, repository, closer),
      ),
  };
}

/** A connection over issues of any repository that the login may see. */
export function issuesByKey(drawing: Drawing, keys: readonly IssueKey[], slice: Slice) {
  const known = keys.filter(key => nodeByKey(drawing, key) !== null);
  return connectionOf(known, slice, key => nodeByKey(drawing, key));
}

/** `IssueOrPullRequest`. */
export function issueOrPullNode(drawing: Drawing, repository: RepositoryRecord, issue: IssueRecord): Node {
  if (issue.pull === null) return issueNode(drawing, repository, issue);
  return pullNode(drawing, repository, { ...issue, pull: issue.pull });
}

function nodeByKey(drawing: Drawing, key: IssueKey): Node | null {
  const issue = drawing.view.board.issue(key);
  const repository = issue === undefined ? undefined : drawing.view.board.repository(issue.repository);
  if (issue === undefined || repository === undefined || !isVisible(drawing, repository)) return null;
  return issueNode(drawing, repository, issue);
}
