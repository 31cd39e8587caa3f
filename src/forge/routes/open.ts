import type { Visit } from '../board/admission.ts';
import { admit, admitToTalk, refuseWithoutIssues } from '../board/admission.ts';
import type { ForgeContext } from '../http/environment.ts';
import { loginOf, pathPart } from '../http/environment.ts';
import { ApiFailure, notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { parseFields } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, PullIssue, RepositoryRecord, Role } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';

/** The repository of the path, if the login may do that much; else 401, 403 or, where it may not look, 404. */
export function openRepository(c: ForgeContext, parts: Parts, needed: Role): RepositoryRecord {
  return admit(parts, visitOf(c), needed);
}

/** The same for whoever is signed in and may look: filing issues and commenting need no more. */
export function openForTalk(c: ForgeContext, parts: Parts): RepositoryRecord {
  return admitToTalk(parts, visitOf(c));
}

function visitOf(c: ForgeContext): Visit {
  return { name: `${pathPart(c, 'owner')}/${pathPart(c, 'repo')}`, login: loginOf(c) };
}

/** The issue, or pull request, of the path. */
export function openIssue(c: ForgeContext, parts: Parts, repository: RepositoryRecord): IssueRecord {
  const number = Number(pathPart(c, 'issue_number'));
  const issue = parts.store.issue(keyOf({ repository: nameOf(repository), number }));
  if (issue === undefined) throw notFound();
  if (issue.pull === null) refuseWithoutIssues(repository);
  return issue;
}

/** The pull request of the path. */
export function openPullOf(c: ForgeContext, parts: Parts, repository: RepositoryRecord): PullIssue {
  const number = Number(pathPart(c, 'pull_number'));
  const issue = parts.store.issue(keyOf({ repository: nameOf(repository), number }));
  if (issue === undefined || issue.pull === null) throw notFound();
  return { ...issue, pull: issue.pull };
}

/** The login, where a route has made sure that there is one. */
export function signedIn(c: ForgeContext): string {
  const login = loginOf(c);
  if (login === null) throw new ApiFailure(401, 'Requires authentication');
  return login;
}

/** The fields of the request's body. */
export async function readFields(c: ForgeContext, resource: string): Promise<Fields> {
  return parseFields(await c.req.text(), resource);
}
