/** What GraphQL changes. Milestones and projects are there only because `gh` names them as null. */
export const MUTATION_TYPES = `
type Mutation {
  createIssue(input: CreateIssueInput!): CreateIssuePayload
  updateIssue(input: UpdateIssueInput!): UpdateIssuePayload
  closeIssue(input: CloseIssueInput!): CloseIssuePayload
  reopenIssue(input: ReopenIssueInput!): ReopenIssuePayload
  addComment(input: AddCommentInput!): AddCommentPayload
  updateIssueComment(input: UpdateIssueCommentInput!): UpdateIssueCommentPayload
  deleteIssueComment(input: DeleteIssueCommentInput!): DeleteIssueCommentPayload
  addLabelsToLabelable(input: AddLabelsToLabelableInput!): AddLabelsToLabelablePayload
  removeLabelsFromLabelable(input: RemoveLabelsFromLabelableInput!): RemoveLabelsFromLabelablePayload
  createPullRequest(input: CreatePullRequestInput!): CreatePullRequestPayload
  updatePullRequest(input: UpdatePullRequestInput!): UpdatePullRequestPayload
  closePullRequest(input: ClosePullRequestInput!): ClosePullRequestPayload
  reopenPullRequest(input: ReopenPullRequestInput!): ReopenPullRequestPayload
  markPullRequestReadyForReview(
    input: MarkPullRequestReadyForReviewInput!): MarkPullRequestReadyForReviewPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
  mergePullRequest(input: MergePullRequestInput!): MergePullRequestPayload
  enqueuePullRequest(input: EnqueuePullRequestInput!): EnqueuePullRequestPayload
  dequeuePullRequest(input: DequeuePullRequestInput!): DequeuePullRequestPayload
  addPullRequestReview(input: AddPullRequestReviewInput!): AddPullRequestReviewPayload
  requestReviews(input: RequestReviewsInput!): RequestReviewsPayload
}

input CreateIssueInput {
  clientMutationId: String
  repositoryId: ID!
  title: String!
  body: String
  assigneeIds: [ID!]
  labelIds: [ID!]
  milestoneId: ID
  projectIds: [ID!]
}
type CreateIssuePayload { clientMutationId: String issue: Issue }
input UpdateIssueInput {
  clientMutationId: String
  id: ID!
  title: String
  body: String
  state: IssueState
  assigneeIds: [ID!]
  labelIds: [ID!]
  milestoneId: ID
  projectIds: [ID!]
}
type UpdateIssuePayload { clientMutationId: String issue: Issue }
enum IssueClosedStateReason { COMPLETED DUPLICATE NOT_PLANNED }
input CloseIssueInput { clientMutationId: String issueId: ID! stateReason: IssueClosedStateReason }
type CloseIssuePayload { clientMutationId: String issue: Issue }
input ReopenIssueInput { clientMutationId: String issueId: ID! }
type ReopenIssuePayload { clientMutationId: String issue: Issue }

input AddCommentInput { clientMutationId: String subjectId: ID! body: String! }
type AddCommentPayload { clientMutationId: String commentEdge: IssueCommentEdge subject: Node }
input UpdateIssueCommentInput { clientMutationId: String id: ID! body: String! }
type UpdateIssueCommentPayload { clientMutationId: String issueComment: IssueComment }
input DeleteIssueCommentInput { clientMutationId: String id: ID! }
type DeleteIssueCommentPayload { clientMutationId: String }

input AddLabelsToLabelableInput { clientMutationId: String labelableId: ID! labelIds: [ID!]! }
type AddLabelsToLabelablePayload { clientMutationId: String labelable: Labelable }
input RemoveLabelsFromLabelableInput { clientMutationId: String labelableId: ID! labelIds: [ID!]! }
type RemoveLabelsFromLabelablePayload { clientMutationId: String labelable: Labelable }

input CreatePullRequestInput {
  clientMutationId: String
  repositoryId: ID!
  baseRefName: String!
  headRefName: String!
  headRepositoryId: ID
  title: String!
  body: String
  draft: Boolean = false
  maintainerCanModify: Boolean = true
}
type CreatePullRequestPayload { clientMutationId: String pullRequest: PullRequest }
enum PullRequestUpdateState { CLOSED OPEN }
input UpdatePullRequestInput {
  clientMutationId: String
  pullRequestId: ID!
  baseRefName: String
  title: String
  body: String
  state: PullRequestUpdateState
  maintainerCanModify: Boolean
  assigneeIds: [ID!]
  labelIds: [ID!]
  milestoneId: ID
  projectIds: [ID!]
}
type UpdatePullRequestPayload { clientMutationId: String pullRequest: PullRequest }
input ClosePullRequestInput { clientMutationId: String pullRequestId: ID! }
type ClosePullRequestPayload { clientMutationId: String pullRequest: PullRequest }
input ReopenPullRequestInput { clientMutationId: String pullRequestId: ID! }
type ReopenPullRequestPayload { clientMutationId: String pullRequest: PullRequest }
input MarkPullRequestReadyForReviewInput { clientMutationId: String pullRequestId: ID! }
type MarkPullRequestReadyForReviewPayload { clientMutationId: String pullRequest: PullRequest }
input ConvertPullRequestToDraftInput { clientMutationId: String pullRequestId: ID! }
type ConvertPullRequestToDraftPayload { clientMutationId: String pullRequest: PullRequest }
input MergePullRequestInput {
  clientMutationId: String
  pullRequestId: ID!
  mergeMethod: PullRequestMergeMethod = MERGE
  commitHeadline: String
  commitBody: String
  expectedHeadOid: GitObjectID
}
type MergePullRequestPayload { clientMutationId: String pullRequest: PullRequest }

enum PullRequestReviewEvent { APPROVE COMMENT REQUEST_CHANGES }
input AddPullRequestReviewInput {
  clientMutationId: String
  pullRequestId: ID!
  event: PullRequestReviewEvent
  body: String
  commitOID: GitObjectID
}
type AddPullRequestReviewPayload { clientMutationId: String pullRequestReview: PullRequestReview }
input RequestReviewsInput { clientMutationId: String pullRequestId: ID! userIds: [ID!] teamIds: [ID!] union: Boolean = false }
type RequestReviewsPayload { clientMutationId: String pullRequest: PullRequest }
`;
