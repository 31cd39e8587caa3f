/** What the forge does not have and `gh` asks for all the same: always null or empty. */
export const ABSENT_TYPES = `
enum MilestoneState { OPEN CLOSED }
type Milestone { id: ID! number: Int! title: String! description: String dueOn: DateTime }

type ProjectCard { id: ID! project: Project! column: ProjectColumn }
type Project { id: ID! name: String! }
type ProjectColumn { id: ID! name: String! }
type ProjectV2 { id: ID! title: String! }
type ProjectV2Item { id: ID! project: ProjectV2! fieldValueByName(name: String!): ProjectV2ItemFieldValue }
union ProjectV2ItemFieldValue = ProjectV2ItemFieldSingleSelectValue
type ProjectV2ItemFieldSingleSelectValue { id: ID! name: String optionId: String }

enum ReactionContent { CONFUSED EYES HEART HOORAY LAUGH ROCKET THUMBS_DOWN THUMBS_UP }
type ReactionGroup { content: ReactionContent! users(first: Int, last: Int, after: String): ReactingUserConnection! }
type ReactingUserConnection { totalCount: Int! }

type AutoMergeRequest {
  authorEmail: String
  commitBody: String
  commitHeadline: String
  enabledAt: DateTime
  enabledBy: Actor
  mergeMethod: PullRequestMergeMethod!
}
type IssueTemplate { name: String! title: String body: String about: String }
type PullRequestTemplate { body: String filename: String }
`;
