import { linkedIssues } from '../board/closing.ts';
import { mergeabilityOf, trialMergeOf } from '../board/mergeability.ts';
import { filesOf } from '../board/pull-files.ts';
import { reviewDecision } from '../board/review-state.ts';
import type { FileChange } from '../git/diff.ts';
import type { PullIssue, RepositoryRecord } from '../records.ts';
import { keyOf } from '../records.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import { rollupNode } from './checks-node.ts';
import { commitNode, refNode } from './commit-node.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import { conversationFields } from './conversation.ts';
import { issuesByKey } from './issue-node.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, actorOrNull } from './nodes.ts';
import { queueFields } from './queue-node.ts';
import { repositoryNode } from './repository-node.ts';
import { reviewFields } from './review-node.ts';
import { pullState } from './select.ts';

/** `PullRequest`. */
export function pullNode(drawing: Drawing, repository: RepositoryRecord, issue: PullIssue): Node {
  const { view } = drawing;
  const { pull } = issue;
  const page = `${pageOf(view, issue.repository)}/pull/${issue.number}`;
  return {
    __typename: 'PullRequest',
    id: nodeId('PullRequest', issue.id),
    ...conversationFields(drawing, repository, { issue, page }),
    ...branchFields(drawing, repository, issue),
    ...mergeFields(drawing, repository, issue),
    ...queueFields(drawing, repository, issue),
    ...changeFields(drawing, repository, issue),
    ...reviewFields(drawing, repository, { issue, page }),
    state: pullState(issue),
    isDraft: pull.draft,
    maintainerCanModify: false,
    repository: () => repositoryNode(drawing, repository),
    reviewDecision: () => reviewDecision(drawing.parts, repository, pull),
    statusCheckRollup: () => rollupNode(drawing, repository, pull.head.sha),
    closingIssuesReferences: (slice: Slice) =>
      issuesByKey(drawing, linkedIssues(drawing.parts, issue.body, issue.repository).map(keyOf), slice),
  };
}

function branchFields(drawing: Drawing, repository: RepositoryRecord, { pull }: PullIssue): Node {
  const { head, base } = pull;
  return {
    headRef: () => refNode(drawing, repository, `refs/heads/${head.ref}`),
    headRefName: head.ref,
    headRefOid: head.sha,
    headRepository: () => repositoryNode(drawing, repository),
    headRepositoryOwner: () => actorNode(drawing, repository.owner),
    baseRef: () => refNode(drawing, repository, `refs/heads/${base.ref}`),
    baseRefName: base.ref,
    baseRefOid: base.sha,
    isCrossRepository: false,
  };
}

function mergeFields(drawing: Drawing, repository: RepositoryRecord, issue: PullIssue): Node {
  const { parts } = drawing;
  const { pull } = issue;
  const mergeability = () => mergeabilityOf(parts, repository, issue);
  const drawn = (oid: string | null) => (oid === null ? null : commitNode(drawing, repository, oid));
  return {
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: () => actorOrNull(drawing, pull.mergedBy),
    mergeCommit: () => drawn(pull.mergeCommit),
    potentialMergeCommit: async () => drawn(await trialMergeOf(parts, issue)),
    mergeable: async () => MERGEABLE[String((await mergeability()).mergeable)],
    mergeStateStatus: async () => (await mergeability()).state.toUpperCase(),
    autoMergeRequest: null,
  };
}

function changeFields(drawing: Drawing, repository: RepositoryRecord, issue: PullIssue): Node {
  const { parts } = drawing;
  const { head, base } = issue.pull;
  const files = () => filesOf(parts, issue);
  const sum = async (count: (file: FileChange) => number) =>
    (await files()).reduce((total, file) => total + count(file), 0);
  return {
    additions: () => sum(({ additions }) => additions),
    deletions: () => sum(({ deletions }) => deletions),
    changedFiles: async () => (await files()).length,
    files: async (slice: Slice) => connectionOf(await files(), slice, file => file),
    async commits(slice: Slice) {
      const commits = await parts.commits.between(issue.repository, { base: base.sha, head: head.sha });
      return connectionOf(commits, slice, ({ sha }) => ({ commit: commitNode(drawing, repository, sha) }));
    },
  };
}

const MERGEABLE: Readonly<Record<string, string>> = {
  true: 'MERGEABLE',
  false: 'CONFLICTING',
  null: 'UNKNOWN',
};
