import type { Accounts } from './accounts.ts';
import type { RepositoryRecord, Role } from './records.ts';
import { ROLES } from './records.ts';

/** What a login may do in a repository; null: it may not even know that the repository exists. */
export function roleIn(accounts: Accounts, repository: RepositoryRecord, login: string | null): Role | null {
  const outsider = repository.private ? null : 'read';
  if (login === null) return outsider;
  if (login.toLowerCase() === repository.owner.toLowerCase()) return 'admin';
  if (repository.roles === null) return accounts.isUser(login) ? 'admin' : outsider;
  return repository.roles[login] ?? outsider;
}

/** Whether a role includes another. */
export function allows(role: Role | null, needed: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** GitHub's `author_association`, from ownership and role alone. */
export function associationOf(accounts: Accounts, repository: RepositoryRecord, login: string): string {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return 'OWNER';
  if (repository.roles !== null && repository.roles[login] === undefined) return 'NONE';
  if (!accounts.isUser(login)) return 'NONE';
  return accounts.isUser(repository.owner) ? 'COLLABORATOR' : 'MEMBER';
}
