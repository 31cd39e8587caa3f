/** Merge queues, and how a pull request came into one and out of it. */
export const QUEUE_TYPES = `
enum MergeQueueEntryState { AWAITING_CHECKS LOCKED MERGEABLE QUEUED UNMERGEABLE }
enum MergeQueueMergingStrategy { ALLGREEN HEADGREEN }
type MergeQueue implements Node {
  id: ID!
  configuration: MergeQueueConfiguration
  entries(first: Int, last: Int, after: String): MergeQueueEntryConnection
}
type MergeQueueConfiguration {
  checkResponseTimeout: Int
  maximumEntriesToBuild: Int
  maximumEntriesToMerge: Int
  mergeMethod: PullRequestMergeMethod
  mergingStrategy: MergeQueueMergingStrategy
  minimumEntriesToMerge: Int
  minimumEntriesToMergeWaitTime: Int
}
type MergeQueueEntry implements Node {
  id: ID!
  position: Int!
  state: MergeQueueEntryState!
  enqueuer: Actor!
  enqueuedAt: DateTime!
  jump: Boolean!
  solo: Boolean!
  estimatedTimeToMerge: Int
  baseCommit: Commit
  headCommit: Commit
  pullRequest: PullRequest
}

enum PullRequestTimelineItemsItemType { ADDED_TO_MERGE_QUEUE_EVENT REMOVED_FROM_MERGE_QUEUE_EVENT }
union PullRequestTimelineItems = AddedToMergeQueueEvent | RemovedFromMergeQueueEvent
type PullRequestTimelineItemsConnection {
  nodes: [PullRequestTimelineItems]
  edges: [PullRequestTimelineItemsEdge]
  pageInfo: PageInfo!
  totalCount: Int!
}
type PullRequestTimelineItemsEdge { cursor: String! node: PullRequestTimelineItems }
type AddedToMergeQueueEvent implements Node { id: ID! actor: Actor createdAt: DateTime! }
type RemovedFromMergeQueueEvent implements Node {
  id: ID!
  actor: Actor
  createdAt: DateTime!
  reason: String
  beforeCommit: Commit
}

input EnqueuePullRequestInput {
  clientMutationId: String
  pullRequestId: ID!
  expectedHeadOid: GitObjectID
  jump: Boolean
}
type EnqueuePullRequestPayload { clientMutationId: String mergeQueueEntry: MergeQueueEntry }
input DequeuePullRequestInput { clientMutationId: String id: ID! }
type DequeuePullRequestPayload { clientMutationId: String mergeQueueEntry: MergeQueueEntry }
`;
