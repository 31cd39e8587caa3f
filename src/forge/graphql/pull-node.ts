import { linkedIssues } from '../board/closing.ts';
import { mergeabilityOf } from '../board/mergeability.ts';
import { reviewDecision } from '../board/review-state.ts';
import type { IssueRecord, PullIssue, RepositoryRecord } from '../records.ts';
import { keyOf } from '../records.ts';
import { nodeId, pageOf } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { RecordOrder } from './issue-node.ts';
import { issuesByKey, labelsOf, sortRecords } from './issue-node.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode, actorOrNull, commitNode, rollupNode } from './nodes.ts';

/** `PullRequest`. */
export function pullNode(drawing: Drawing, repository: RepositoryRecord, issue: PullIssue): Node {
  const { view, parts } = drawing;
  const { pull } = issue;
  const name = issue.repository;
  const mergeability = () => mergeabilityOf(parts, repository, issue);
  return {
    id: nodeId('PullRequest', issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: `${pageOf(view, name)}/pull/${issue.number}`,
    state: stateOf(issue),
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: () => actorOrNull(drawing, pull.mergedBy),
    closed: issue.state === 'closed',
    closedAt: issue.closedAt,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    author: () => actorNode(drawing, issue.author),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    mergeCommit: pull.mergeCommit === null ? null : commitNode(parts, name, pull.mergeCommit),
    mergeable: async () => MERGEABLE[String((await mergeability()).mergeable)],
    mergeStateStatus: async () => (await mergeability()).state.toUpperCase(),
    reviewDecision: () => reviewDecision(parts, repository, pull),
    statusCheckRollup: () => rollupNode(parts, name, pull.head.sha),
    labels: (slice: Slice) => labelsOf(repository, issue, slice),
    async commits(slice: Slice) {
      const commits = await parts.commits.between(name, { base: pull.base.sha, head: pull.head.sha });
      return connectionOf(commits, slice, ({ sha }) => ({ commit: commitNode(parts, name, sha) }));
    },
    closingIssuesReferences: (slice: Slice) =>
      issuesByKey(drawing, linkedIssues(parts, issue.body, name).map(keyOf), slice),
  };
}

/** The pull requests that the arguments of `pullRequests` ask for. */
export function selectPullRecords(
  issues: readonly IssueRecord[],
  filter: PullSelection,
): readonly PullIssue[] {
  const rows = issues.filter(
    (issue): issue is PullIssue =>
      issue.pull !== null &&
      (filter.states === undefined || filter.states.includes(stateOf({ ...issue, pull: issue.pull }))) &&
      (filter.headRefName === undefined || issue.pull.head.ref === filter.headRefName) &&
      (filter.baseRefName === undefined || issue.pull.base.ref === filter.baseRefName),
  );
  return sortRecords(rows, filter.orderBy);
}

export interface PullSelection {
  readonly states?: readonly string[];
  readonly headRefName?: string;
  readonly baseRefName?: string;
  readonly orderBy?: RecordOrder;
}

const MERGEABLE: Readonly<Record<string, string>> = {
  true: 'MERGEABLE',
  false: 'CONFLICTING',
  null: 'UNKNOWN',
};

function stateOf(issue: PullIssue): 'OPEN' | 'CLOSED' | 'MERGED' {
  if (issue.pull.mergedAt !== null) return 'MERGED';
  return issue.state === 'open' ? 'OPEN' : 'CLOSED';
}
