/** Where queries begin, and what all types share. */
export const ROOT_TYPES = `
scalar BigInt
scalar DateTime
scalar GitObjectID
scalar GitSSHRemote
scalar URI

type Query {
  viewer: User!
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  node(id: ID!): Node
  user(login: String!): User
  search(query: String!, type: SearchType!, first: Int, last: Int, after: String): SearchResultItemConnection!
  rateLimit(dryRun: Boolean = false): RateLimit
}

interface Node { id: ID! }
type RateLimit { limit: Int! cost: Int! remaining: Int! used: Int! nodeCount: Int! resetAt: DateTime! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
enum OrderDirection { ASC DESC }

enum SearchType { ISSUE }
union SearchResultItem = Issue | PullRequest
type SearchResultItemConnection {
  nodes: [SearchResultItem]
  edges: [SearchResultItemEdge]
  pageInfo: PageInfo!
  issueCount: Int!
}
type SearchResultItemEdge { cursor: String! node: SearchResultItem }
`;
