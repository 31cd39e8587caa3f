/** A repository, its branches, commits and labels. */
export const REPOSITORY_TYPES = `
enum RepositoryVisibility { PRIVATE PUBLIC }
type Repository implements Node {
  id: ID!
  databaseId: Int
  name: String!
  nameWithOwner: String!
  owner: RepositoryOwner!
  description: String
  homepageUrl: URI
  mirrorUrl: URI
  sshUrl: GitSSHRemote!
  url: URI!
  visibility: RepositoryVisibility!
  isPrivate: Boolean!
  isArchived: Boolean!
  isBlankIssuesEnabled: Boolean!
  isEmpty: Boolean!
  isFork: Boolean!
  isInOrganization: Boolean!
  isMirror: Boolean!
  isTemplate: Boolean!
  hasDiscussionsEnabled: Boolean!
  hasIssuesEnabled: Boolean!
  hasProjectsEnabled: Boolean!
  hasWikiEnabled: Boolean!
  autoMergeAllowed: Boolean!
  deleteBranchOnMerge: Boolean!
  mergeCommitAllowed: Boolean!
  rebaseMergeAllowed: Boolean!
  squashMergeAllowed: Boolean!
  forkCount: Int!
  stargazerCount: Int!
  viewerCanAdminister: Boolean!
  viewerDefaultMergeMethod: PullRequestMergeMethod!
  viewerPermission: RepositoryPermission
  createdAt: DateTime!
  updatedAt: DateTime!
  pushedAt: DateTime
  parent: Repository
  templateRepository: Repository
  defaultBranchRef: Ref
  ref(qualifiedName: String!): Ref
  issue(number: Int!): Issue
  issueOrPullRequest(number: Int!): IssueOrPullRequest
  issues(first: Int, last: Int, after: String, states: [IssueState!], labels: [String!],
    orderBy: IssueOrder, filterBy: IssueFilters): IssueConnection!
  pullRequest(number: Int!): PullRequest
  pullRequests(first: Int, last: Int, after: String, states: [PullRequestState!], headRefName: String,
    baseRefName: String, labels: [String!], orderBy: IssueOrder): PullRequestConnection!
  mergeQueue(branch: String): MergeQueue
  label(name: String!): Label
  labels(first: Int, last: Int, after: String, query: String, orderBy: LabelOrder): LabelConnection
  milestones(first: Int, last: Int, after: String, query: String, states: [MilestoneState!]): MilestoneConnection
  assignableUsers(first: Int, last: Int, after: String, query: String): UserConnection!
  mentionableUsers(first: Int, last: Int, after: String, query: String): UserConnection!
  issueTemplates: [IssueTemplate!]
  pullRequestTemplates: [PullRequestTemplate!]
}

interface GitObject { oid: GitObjectID! }
type Ref implements Node {
  id: ID!
  name: String!
  prefix: String!
  target: GitObject
  branchProtectionRule: BranchProtectionRule
}
type BranchProtectionRule {
  pattern: String!
  requiredApprovingReviewCount: Int
  requiredStatusCheckContexts: [String]
  requiresApprovingReviews: Boolean!
  requiresCommitSignatures: Boolean!
  requiresLinearHistory: Boolean!
  requiresStatusChecks: Boolean!
  requiresStrictStatusChecks: Boolean!
}
type Commit implements GitObject & Node {
  id: ID!
  oid: GitObjectID!
  message: String!
  messageHeadline: String!
  messageBody: String!
  authoredDate: DateTime!
  committedDate: DateTime!
  authors(first: Int, last: Int, after: String): GitActorConnection!
  statusCheckRollup: StatusCheckRollup
}

type Label implements Node {
  id: ID!
  name: String!
  color: String!
  description: String
  createdAt: DateTime
  isDefault: Boolean!
  url: URI!
}
enum LabelOrderField { CREATED_AT NAME }
input LabelOrder { field: LabelOrderField! direction: OrderDirection! }
`;
