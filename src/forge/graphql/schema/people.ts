/** Who does something: people, organisations, and authors of commits. */
export const PEOPLE_TYPES = `
interface Actor { login: String! url: URI! }
interface RepositoryOwner { id: ID! login: String! url: URI! }
type User implements Actor & Node & RepositoryOwner {
  id: ID!
  databaseId: Int
  login: String!
  name: String
  url: URI!
}
type Organization implements Actor & Node & RepositoryOwner {
  id: ID!
  databaseId: Int
  login: String!
  name: String
  url: URI!
}
type Team implements Node { id: ID! name: String! slug: String! organization: Organization! }
type GitActor { name: String email: String user: User }

enum CommentAuthorAssociation {
  COLLABORATOR CONTRIBUTOR FIRST_TIMER FIRST_TIME_CONTRIBUTOR MANNEQUIN MEMBER NONE OWNER
}
enum RepositoryPermission { ADMIN MAINTAIN WRITE TRIAGE READ }
`;
