import { placeOf, queueOf } from '../board/queues.ts';
import type {
  PullIssue,
  QueueEntryRecord,
  QueueEventRecord,
  QueueRecord,
  RepositoryRecord,
} from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { QUEUE_SETTINGS } from '../shapes/queue.ts';
import { nodeId } from '../shapes/view.ts';
import { commitNode } from './commit-node.ts';
import type { Slice } from './connection.ts';
import { connectionOf } from './connection.ts';
import type { Drawing, Node } from './nodes.ts';
import { actorNode } from './nodes.ts';
import { pullNode } from './pull-node.ts';

/** `MergeQueue`; null where the branch has none. */
export function queueNode(drawing: Drawing, repository: RepositoryRecord, branch: string): Node | null {
  const queue = queueOf(repository, branch);
  return queue === undefined ? null : drawQueue(drawing, repository, queue);
}

function drawQueue(drawing: Drawing, repository: RepositoryRecord, queue: QueueRecord): Node {
  return {
    __typename: 'MergeQueue',
    id: nodeId('MergeQueue', queue.id),
    configuration: { ...QUEUE_SETTINGS, mergeMethod: queue.method.toUpperCase() },
    entries: (slice: Slice) =>
      connectionOf(queue.entries, slice, entry =>
        entryNode(drawing, repository, { entry, position: queue.entries.indexOf(entry) + 1 }),
      ),
  };
}

/** What a pull request says of its base's queue. */
export function queueFields(drawing: Drawing, repository: RepositoryRecord, issue: PullIssue): Node {
  const place = placeOf(repository, issue);
  const { base, queueEvents = [] } = issue.pull;
  return {
    isMergeQueueEnabled: queueOf(repository, base.ref) !== undefined,
    isInMergeQueue: place !== null,
    mergeQueue: () => queueNode(drawing, repository, base.ref),
    mergeQueueEntry: () => place && entryNode(drawing, repository, place),
    timelineItems({ itemTypes, ...slice }: Slice & { readonly itemTypes?: readonly string[] | null }) {
      const rows = queueEvents.filter(({ kind }) => !itemTypes || itemTypes.includes(TYPES[kind].item));
      return connectionOf(rows, slice, event => eventNode(drawing, repository, event));
    },
  };
}

const TYPES = {
  added: { name: 'AddedToMergeQueueEvent', item: 'ADDED_TO_MERGE_QUEUE_EVENT' },
  removed: { name: 'RemovedFromMergeQueueEvent', item: 'REMOVED_FROM_MERGE_QUEUE_EVENT' },
} as const;

function eventNode(drawing: Drawing, repository: RepositoryRecord, event: QueueEventRecord): Node {
  const { name } = TYPES[event.kind];
  return {
    __typename: name,
    id: nodeId(name, event.id),
    actor: () => actorNode(drawing, event.by),
    createdAt: event.at,
    reason: event.reason,
    beforeCommit: event.commit === null ? null : commitNode(drawing, repository, event.commit),
  };
}

/** `MergeQueueEntry`. */
function entryNode(
  drawing: Drawing,
  repository: RepositoryRecord,
  { entry, position }: { readonly entry: QueueEntryRecord; readonly position: number },
): Node {
  const { group } = entry;
  const draw = (oid: string | undefined) => (oid === undefined ? null : commitNode(drawing, repository, oid));
  return {
    __typename: 'MergeQueueEntry',
    id: nodeId('MergeQueueEntry', entry.id),
    position,
    state: group === null ? 'QUEUED' : 'AWAITING_CHECKS',
    enqueuer: () => actorNode(drawing, entry.by),
    enqueuedAt: entry.at,
    jump: false,
    solo: false,
    estimatedTimeToMerge: null,
    baseCommit: () => draw(group?.base),
    headCommit: () => draw(group?.commit),
    pullRequest() {
      const key = keyOf({ repository: nameOf(repository), number: entry.pull });
      const issue = drawing.view.board.issue(key);
      return issue?.pull ? pullNode(drawing, repository, { ...issue, pull: issue.pull }) : null;
    },
  };
}
