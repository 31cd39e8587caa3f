/** An issue, its comments and its relations. */
export const ISSUE_TYPES = `
enum IssueState { OPEN CLOSED }
enum IssueStateReason { REOPENED NOT_PLANNED COMPLETED DUPLICATE }
enum IssueOrderField { CREATED_AT UPDATED_AT COMMENTS }
input IssueOrder { field: IssueOrderField! direction: OrderDirection! }
input IssueFilters {
  since: DateTime
  labels: [String!]
  states: [IssueState!]
  assignee: String
  createdBy: String
  mentioned: String
}

interface Assignable { assignees(first: Int, last: Int, after: String): UserConnection! }
interface Labelable { labels(first: Int, last: Int, after: String, orderBy: LabelOrder): LabelConnection }
union IssueOrPullRequest = Issue | PullRequest

type Issue implements Assignable & Labelable & Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  number: Int!
  title: String!
  body: String!
  url: URI!
  state: IssueState!
  stateReason: IssueStateReason
  author: Actor
  authorAssociation: CommentAuthorAssociation!
  editor: Actor
  lastEditedAt: DateTime
  createdAt: DateTime!
  updatedAt: DateTime!
  closedAt: DateTime
  closed: Boolean!
  locked: Boolean!
  isPinned: Boolean
  viewerDidAuthor: Boolean!
  repository: Repository!
  labels(first: Int, last: Int, after: String, orderBy: LabelOrder): LabelConnection
  assignees(first: Int, last: Int, after: String): UserConnection!
  comments(first: Int, last: Int, after: String): IssueCommentConnection!
  milestone: Milestone
  projectCards(first: Int, last: Int, after: String): ProjectCardConnection!
  projectItems(first: Int, last: Int, after: String): ProjectV2ItemConnection!
  reactionGroups: [ReactionGroup!]
  blockedBy(first: Int, last: Int, after: String): IssueConnection!
  blocking(first: Int, last: Int, after: String): IssueConnection!
  issueDependenciesSummary: IssueDependenciesSummary!
  parent: Issue
  subIssues(first: Int, last: Int, after: String): IssueConnection!
  subIssuesSummary: SubIssuesSummary!
  closedByPullRequestsReferences(first: Int, last: Int, after: String,
    includeClosedPrs: Boolean = false): PullRequestConnection
}
type IssueDependenciesSummary { blockedBy: Int! blocking: Int! totalBlockedBy: Int! totalBlocking: Int! }
type SubIssuesSummary { total: Int! completed: Int! percentCompleted: Int! }

type IssueComment implements Node {
  id: ID!
  databaseId: Int
  author: Actor
  authorAssociation: CommentAuthorAssociation!
  body: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  includesCreatedEdit: Boolean!
  isMinimized: Boolean!
  minimizedReason: String
  reactionGroups: [ReactionGroup!]
  url: URI!
  viewerDidAuthor: Boolean!
}
`;
