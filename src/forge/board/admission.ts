import { allows, roleIn } from '../access.ts';
import { ApiFailure, forbidden, notFound } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { RepositoryName, RepositoryRecord, Role } from '../records.ts';

/** Who wants to do something in which repository; the login is null for anonymous requests. */
export interface Visit {
  readonly name: RepositoryName;
  readonly login: string | null;
}

/** The repository, if the login may do that much; else 401, 403 or, where it may not look, 404. */
export function admit(
  { store, accounts }: Pick<Parts, 'store' | 'accounts'>,
  { name, login }: Visit,
  needed: Role,
): RepositoryRecord {
  const repository = store.repository(name);
  const role = repository === undefined ? null : roleIn(accounts, repository, login);
  if (repository === undefined || role === null) throw notFound();
  if (needed !== 'read' && login === null) throw new ApiFailure(401, 'Requires authentication');
  if (needed !== 'read' && repository.archived) throw forbidden('Repository was archived so is read-only.');
  if (!allows(role, needed)) throw forbidden();
  return repository;
}

/** The same for whoever is signed in and may look: filing issues and commenting need no more. */
export function admitToTalk(parts: Pick<Parts, 'store' | 'accounts'>, visit: Visit): RepositoryRecord {
  const repository = admit(parts, visit, 'read');
  if (visit.login === null) throw new ApiFailure(401, 'Requires authentication');
  if (repository.archived) throw forbidden('Repository was archived so is read-only.');
  return repository;
}

/** 403 unless the login wrote it or has the role. */
export function refuseStranger(
  { accounts }: Pick<Parts, 'accounts'>,
  repository: RepositoryRecord,
  { login, author, needed }: { login: string; author: string; needed: Role },
): void {
  if (login !== author && !allows(roleIn(accounts, repository, login), needed)) throw forbidden();
}

/** 410 where issues are switched off. */
export function refuseWithoutIssues(repository: RepositoryRecord): void {
  if (!repository.hasIssues) throw new ApiFailure(410, 'Issues are disabled for this repo');
}
