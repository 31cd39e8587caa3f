import { newestRuns, newestStatuses, rollupOf } from '../board/rollup.ts';
import type { CheckRunRecord, Oid, RepositoryRecord, StatusRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { nodeId } from '../shapes/view.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import { pullById } from './identify.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode } from './nodes.ts';

/** `StatusCheckRollup`; null when nothing was reported. */
export function rollupNode(drawing: Drawing, repository: RepositoryRecord, oid: Oid): Node | null {
  const name = nameOf(repository);
  const commit = drawing.parts.store.commit(name, oid);
  const state = rollupOf(commit);
  if (commit === undefined || state === null) return null;
  const contexts = [
    ...newestRuns(commit).map(run => runNode(drawing, run)),
    ...newestStatuses(commit).map(status => statusNode(drawing, status)),
  ];
  return {
    __typename: 'StatusCheckRollup',
    id: nodeId('StatusCheckRollup', `${name}:${oid}`),
    state: state.toUpperCase(),
    contexts: (slice: Slice) => connectionOf(contexts, slice, node => node),
  };
}

function statusNode(drawing: Drawing, status: StatusRecord): Node {
  return {
    __typename: 'StatusContext',
    id: nodeId('StatusContext', status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    creator: () => actorNode(drawing, status.creator),
    createdAt: status.createdAt,
    isRequired: (ask: RequirementAsk) => isRequired(drawing, status.context, ask),
  };
}

function runNode(drawing: Drawing, run: CheckRunRecord): Node {
  return {
    __typename: 'CheckRun',
    id: nodeId('CheckRun', run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    detailsUrl: run.detailsUrl,
    title: run.title,
    summary: run.summary,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    checkSuite: { workflowRun: null },
    isRequired: (ask: RequirementAsk) => isRequired(drawing, run.name, ask),
  };
}

interface RequirementAsk {
  readonly pullRequestId?: string | null;
}

/** Whether the rule of the base branch names the context; false when no pull request is named. */
function isRequired(drawing: Drawing, context: string, { pullRequestId }: RequirementAsk): boolean {
  if (pullRequestId === undefined || pullRequestId === null) return false;
  const { repository, issue } = pullById(drawing, pullRequestId);
  const rule = repository.protections[issue.pull.base.ref];
  return rule?.checks?.contexts.includes(context) ?? false;
}
