/** Statuses and check runs of a commit. */
export const CHECK_TYPES = `
enum StatusState { ERROR EXPECTED FAILURE PENDING SUCCESS }
enum CheckStatusState { COMPLETED IN_PROGRESS QUEUED }
enum CheckConclusionState {
  ACTION_REQUIRED CANCELLED FAILURE NEUTRAL SKIPPED STALE STARTUP_FAILURE SUCCESS TIMED_OUT
}
type StatusCheckRollup implements Node {
  id: ID!
  state: StatusState!
  contexts(first: Int, last: Int, after: String): StatusCheckRollupContextConnection!
}
union StatusCheckRollupContext = CheckRun | StatusContext
type StatusCheckRollupContextConnection {
  nodes: [StatusCheckRollupContext]
  edges: [StatusCheckRollupContextEdge]
  pageInfo: PageInfo!
  totalCount: Int!
}
type StatusCheckRollupContextEdge { cursor: String! node: StatusCheckRollupContext }
type StatusContext implements Node {
  id: ID!
  context: String!
  state: StatusState!
  description: String
  targetUrl: URI
  creator: Actor
  createdAt: DateTime!
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}
type CheckRun implements Node {
  id: ID!
  databaseId: Int
  name: String!
  status: CheckStatusState!
  conclusion: CheckConclusionState
  detailsUrl: URI
  title: String
  summary: String
  startedAt: DateTime
  completedAt: DateTime
  checkSuite: CheckSuite!
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}
type CheckSuite { workflowRun: WorkflowRun }
type WorkflowRun { event: String! workflow: Workflow! }
type Workflow { name: String! }
`;
