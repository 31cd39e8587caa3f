/** A pull request and its reviews. */
export const PULL_TYPES = `
enum PullRequestState { OPEN CLOSED MERGED }
enum MergeableState { MERGEABLE CONFLICTING UNKNOWN }
enum MergeStateStatus { BEHIND BLOCKED CLEAN DIRTY DRAFT HAS_HOOKS UNKNOWN UNSTABLE }
enum PullRequestMergeMethod { MERGE REBASE SQUASH }
enum PullRequestReviewDecision { CHANGES_REQUESTED APPROVED REVIEW_REQUIRED }
enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING }

type PullRequest implements Assignable & Labelable & Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  number: Int!
  title: String!
  body: String!
  url: URI!
  state: PullRequestState!
  isDraft: Boolean!
  merged: Boolean!
  mergedAt: DateTime
  mergedBy: Actor
  closed: Boolean!
  closedAt: DateTime
  createdAt: DateTime!
  updatedAt: DateTime!
  locked: Boolean!
  author: Actor
  authorAssociation: CommentAuthorAssociation!
  viewerDidAuthor: Boolean!
  repository: Repository!
  headRef: Ref
  headRefName: String!
  headRefOid: GitObjectID!
  headRepository: Repository
  headRepositoryOwner: RepositoryOwner
  baseRef: Ref
  baseRefName: String!
  baseRefOid: GitObjectID!
  isCrossRepository: Boolean!
  maintainerCanModify: Boolean!
  mergeCommit: Commit
  potentialMergeCommit: Commit
  mergeable: MergeableState!
  mergeStateStatus: MergeStateStatus!
  autoMergeRequest: AutoMergeRequest
  isMergeQueueEnabled: Boolean!
  isInMergeQueue: Boolean!
  mergeQueue: MergeQueue
  mergeQueueEntry: MergeQueueEntry
  timelineItems(first: Int, last: Int, after: String,
    itemTypes: [PullRequestTimelineItemsItemType!]): PullRequestTimelineItemsConnection!
  additions: Int!
  deletions: Int!
  changedFiles: Int!
  files(first: Int, last: Int, after: String): PullRequestChangedFileConnection
  commits(first: Int, last: Int, after: String): PullRequestCommitConnection!
  statusCheckRollup: StatusCheckRollup
  labels(first: Int, last: Int, after: String, orderBy: LabelOrder): LabelConnection
  assignees(first: Int, last: Int, after: String): UserConnection!
  comments(first: Int, last: Int, after: String): IssueCommentConnection!
  milestone: Milestone
  projectCards(first: Int, last: Int, after: String): ProjectCardConnection!
  projectItems(first: Int, last: Int, after: String): ProjectV2ItemConnection!
  reactionGroups: [ReactionGroup!]
  reviewDecision: PullRequestReviewDecision
  reviewRequests(first: Int, last: Int, after: String): ReviewRequestConnection
  reviews(first: Int, last: Int, after: String, author: String,
    states: [PullRequestReviewState!]): PullRequestReviewConnection
  latestReviews(first: Int, last: Int, after: String): PullRequestReviewConnection
  latestOpinionatedReviews(first: Int, last: Int, after: String,
    writersOnly: Boolean = false): PullRequestReviewConnection
  closingIssuesReferences(first: Int, last: Int, after: String): IssueConnection
}
type PullRequestCommit { commit: Commit! }
type PullRequestChangedFile { path: String! additions: Int! deletions: Int! }

union RequestedReviewer = Team | User
type ReviewRequest { requestedReviewer: RequestedReviewer }
type PullRequestReview implements Node {
  id: ID!
  databaseId: Int
  author: Actor
  authorAssociation: CommentAuthorAssociation!
  body: String!
  commit: Commit
  includesCreatedEdit: Boolean!
  reactionGroups: [ReactionGroup!]
  state: PullRequestReviewState!
  submittedAt: DateTime
  url: URI!
}
`;
