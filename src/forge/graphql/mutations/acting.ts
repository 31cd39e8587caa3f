import { admit, admitToTalk } from '../../board/admission.ts';
import { ApiFailure } from '../../http/failures.ts';
import type { Fields } from '../../http/fields.ts';
import { fieldsOf } from '../../http/fields.ts';
import type { RepositoryRecord, Role } from '../../records.ts';
import { nameOf } from '../../records.ts';
import { accountById, labelById } from '../identify.ts';
import type { Drawing } from '../nodes.ts';

/** What a mutation works with: the board, what answers are drawn from, and who acts. */
export interface Acting extends Drawing {
  readonly login: string;
}

/** The input of a mutation, of which only a `clientMutationId` comes back. */
export interface Input {
  readonly clientMutationId?: string | null;
}

/** The repository as it is by now, if the login may do that much in it. */
export function enter({ parts, login }: Acting, repository: RepositoryRecord, needed: Role | 'talk') {
  const visit = { name: nameOf(repository), login };
  return needed === 'talk' ? admitToTalk(parts, visit) : admit(parts, visit, needed);
}

/** Fields of an input; those that GraphQL names otherwise than REST are said here. */
interface InputFields {
  readonly [field: string]: unknown;
  readonly labelIds?: readonly string[] | null | undefined;
  readonly assigneeIds?: readonly string[] | null | undefined;
  readonly state?: string | null | undefined;
  readonly milestoneId?: string | null | undefined;
  readonly projectIds?: readonly string[] | null | undefined;
}

/** What an input says in GraphQL's words, in the words of REST, so that both go the same way. */
export function restFields(
  drawing: Drawing,
  repository: RepositoryRecord,
  { resource, input }: { resource: string; input: InputFields },
): Fields {
  const { labelIds, assigneeIds, state, milestoneId, projectIds, ...same } = input;
  if (milestoneId || projectIds?.length) {
    throw new ApiFailure(422, 'The forge has no milestones and no projects.');
  }
  return fieldsOf(
    {
      ...same,
      ...(labelIds ? { labels: labelIds.map(id => labelById(repository, id).name) } : {}),
      ...(assigneeIds ? { assignees: assigneeIds.map(id => accountById(drawing, id).login) } : {}),
      ...(state ? { state: state.toLowerCase() } : {}),
    },
    resource,
  );
}
