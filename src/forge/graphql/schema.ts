import { buildSchema } from 'graphql';

/** The part of GitHub's GraphQL schema that the forge answers; names, types and arguments are GitHub's. */
export const SCHEMA = buildSchema(`
scalar DateTime
scalar GitObjectID
scalar URI

type Query {
  viewer: User!
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  rateLimit(dryRun: Boolean = false): RateLimit
}

type RateLimit { limit: Int! cost: Int! remaining: Int! used: Int! nodeCount: Int! resetAt: DateTime! }

interface Actor { login: String! url: URI! }
interface RepositoryOwner { id: ID! login: String! }
type User implements Actor & RepositoryOwner { id: ID! databaseId: Int login: String! name: String url: URI! }
type Organization implements Actor & RepositoryOwner { id: ID! databaseId: Int login: String! name: String url: URI! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

enum RepositoryPermission { ADMIN MAINTAIN WRITE TRIAGE READ }
type Repository {
  id: ID!
  databaseId: Int
  name: String!
  nameWithOwner: String!
  owner: RepositoryOwner!
  description: String
  url: URI!
  isPrivate: Boolean!
  isArchived: Boolean!
  isFork: Boolean!
  hasIssuesEnabled: Boolean!
  viewerPermission: RepositoryPermission
  createdAt: DateTime!
  updatedAt: DateTime!
  pushedAt: DateTime
  defaultBranchRef: Ref
  ref(qualifiedName: String!): Ref
  issue(number: Int!): Issue
  issues(first: Int, last: Int, after: String, states: [IssueState!], labels: [String!],
    orderBy: IssueOrder, filterBy: IssueFilters): IssueConnection!
  pullRequest(number: Int!): PullRequest
  pullRequests(first: Int, last: Int, after: String, states: [PullRequestState!], headRefName: String,
    baseRefName: String, labels: [String!], orderBy: IssueOrder): PullRequestConnection!
}

interface GitObject { oid: GitObjectID! }
type Ref { id: ID! name: String! prefix: String! target: GitObject }
type Commit implements GitObject {
  oid: GitObjectID!
  message: String!
  messageHeadline: String!
  committedDate: DateTime!
  statusCheckRollup: StatusCheckRollup
}
enum StatusState { ERROR EXPECTED FAILURE PENDING SUCCESS }
type StatusCheckRollup { state: StatusState! }

enum IssueState { OPEN CLOSED }
enum IssueStateReason { REOPENED NOT_PLANNED COMPLETED DUPLICATE }
enum IssueOrderField { CREATED_AT UPDATED_AT COMMENTS }
enum OrderDirection { ASC DESC }
input IssueOrder { field: IssueOrderField! direction: OrderDirection! }
input IssueFilters { since: DateTime labels: [String!] states: [IssueState!] createdBy: String }

type Issue {
  id: ID!
  databaseId: Int
  number: Int!
  title: String!
  body: String!
  url: URI!
  state: IssueState!
  stateReason: IssueStateReason
  author: Actor
  editor: Actor
  lastEditedAt: DateTime
  createdAt: DateTime!
  updatedAt: DateTime!
  closedAt: DateTime
  closed: Boolean!
  authorAssociation: String!
  repository: Repository!
  labels(first: Int, last: Int, after: String): LabelConnection
  assignees(first: Int, last: Int, after: String): UserConnection!
  comments(first: Int, last: Int, after: String): IssueCommentConnection!
  blockedBy(first: Int, last: Int, after: String): IssueConnection!
  blocking(first: Int, last: Int, after: String): IssueConnection!
  issueDependenciesSummary: IssueDependenciesSummary!
  parent: Issue
  subIssues(first: Int, last: Int, after: String): IssueConnection!
  subIssuesSummary: SubIssuesSummary!
}
type IssueDependenciesSummary { blockedBy: Int! blocking: Int! totalBlockedBy: Int! totalBlocking: Int! }
type SubIssuesSummary { total: Int! completed: Int! percentCompleted: Int! }
type IssueConnection { nodes: [Issue] pageInfo: PageInfo! totalCount: Int! }

type Label { id: ID! name: String! color: String! description: String }
type LabelConnection { nodes: [Label] pageInfo: PageInfo! totalCount: Int! }
type UserConnection { nodes: [User] pageInfo: PageInfo! totalCount: Int! }
type IssueComment {
  id: ID!
  databaseId: Int
  author: Actor
  body: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  url: URI!
}
type IssueCommentConnection { nodes: [IssueComment] pageInfo: PageInfo! totalCount: Int! }

enum PullRequestState { OPEN CLOSED MERGED }
enum MergeableState { MERGEABLE CONFLICTING UNKNOWN }
enum MergeStateStatus { BEHIND BLOCKED CLEAN DIRTY DRAFT HAS_HOOKS UNKNOWN UNSTABLE }
enum PullRequestReviewDecision { CHANGES_REQUESTED APPROVED REVIEW_REQUIRED }
type PullRequest {
  id: ID!
  databaseId: Int
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
  author: Actor
  headRefName: String!
  headRefOid: GitObjectID!
  baseRefName: String!
  baseRefOid: GitObjectID!
  mergeCommit: Commit
  mergeable: MergeableState!
  mergeStateStatus: MergeStateStatus!
  reviewDecision: PullRequestReviewDecision
  statusCheckRollup: StatusCheckRollup
  labels(first: Int, last: Int, after: String): LabelConnection
  commits(first: Int, last: Int, after: String): PullRequestCommitConnection!
  closingIssuesReferences(first: Int, last: Int, after: String): IssueConnection
}
type PullRequestCommit { commit: Commit! }
type PullRequestCommitConnection { nodes: [PullRequestCommit] pageInfo: PageInfo! totalCount: Int! }
type PullRequestConnection { nodes: [PullRequest] pageInfo: PageInfo! totalCount: Int! }
`);
