import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import type { EnqueueResult, Oid, QueueSight } from '../../ports.ts';
import type { Client } from './client.ts';
import { isAmbiguous, parseBody, translateFailure } from './failure.ts';

/** A pull request and its place in the queue of its base. */
interface QueuedPull {
  readonly id: string;
  readonly head: Oid;
  readonly sight: QueueSight;
}

interface PullName {
  readonly repo: string;
  readonly number: number;
}

const Actor = z.object({ __typename: z.string(), login: z.string() }).nullish();
const Left = z.object({
  id: z.string(),
  reason: z.string().nullish(),
  actor: Actor,
  beforeCommit: z.object({ oid: z.string() }).nullish(),
});
const Look = z.object({
  repository: z.object({
    pullRequest: z.object({
      id: z.string(),
      headRefOid: z.string(),
      mergeQueueEntry: z.object({ position: z.int() }).nullish(),
      timelineItems: z.object({ nodes: z.array(Left.nullable()).nullish() }),
    }),
  }),
});

const LOOK = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id headRefOid
      mergeQueueEntry { position }
      timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) {
        nodes {
          ... on RemovedFromMergeQueueEvent {
            id reason
            actor { __typename login }
            beforeCommit { oid }
          }
        }
      }
    }
  }
}`;

/** Reads it now. Merge queues are known to GraphQL alone. */
export async function lookAtQueue(client: Client, { repo, number }: PullName): Promise<QueuedPull> {
  const [owner, name] = repo.split('/');
  const answer = await client.graphql(LOOK, { owner, name, number }).catch((error: unknown) => {
    throw translateFailure(error, REQUEST);
  });
  const { pullRequest: pull } = parseBody(Look, answer, REQUEST).repository;
  const [left] = pull.timelineItems.nodes ?? [];
  return {
    id: pull.id,
    head: pull.headRefOid,
    sight: {
      position: pull.mergeQueueEntry?.position ?? null,
      left: left ? leavingOf(left) : null,
    },
  };
}

function leavingOf({ id, reason, actor, beforeCommit }: z.infer<typeof Left>): QueueSight['left'] {
  return {
    id,
    reason: (reason ?? '').toLowerCase().replaceAll(' ', '_'),
    by: actor?.login ?? null,
    isByPerson: actor?.__typename === 'User' && !actor.login.endsWith('[bot]'),
    commit: beforeCommit?.oid ?? null,
  };
}

/**
 * Puts a pull request into the queue of its base. Whatever GitHub answers, the pull request itself tells whether it is
 * in there: somebody may have been faster, and an answer may be lost.
 */
export async function enqueuePull(client: Client, pull: PullName, sha: Oid): Promise<EnqueueResult> {
  const before = await lookAtQueue(client, pull);
  if (before.head !== sha) return { kind: 'head-moved' };
  if (before.sight.position !== null) return { kind: 'queued', position: before.sight.position };
  const failure = await sent(client, ENQUEUE, { id: before.id, sha });
  const { head, sight } = await lookAtQueue(client, pull);
  if (sight.position !== null) return { kind: 'queued', position: sight.position };
  if (head !== sha) return { kind: 'head-moved' };
  // Taken, and not shown yet; or merged at once.
  return failure === null ? { kind: 'queued', position: 1 } : { kind: 'refused', reason: failure };
}

const ENQUEUE = `mutation($id: ID!, $sha: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $sha }) { mergeQueueEntry { position } }
}`;

/** Takes a pull request out of the queue. GitHub is known to report failures of what it has done. */
export async function dequeuePull(client: Client, pull: PullName): Promise<void> {
  const before = await lookAtQueue(client, pull);
  if (before.sight.position === null) return;
  const failure = await sent(client, DEQUEUE, { id: before.id });
  if (failure === null || (await lookAtQueue(client, pull)).sight.position === null) return;
  const what = `${pull.repo}#${pull.number} could not be taken out of the merge queue: ${failure}`;
  throw new HarnessError('github-refused', what);
}

const DEQUEUE = `mutation($id: ID!) { dequeuePullRequest(input: { id: $id }) { clientMutationId } }`;

const REQUEST = 'POST /graphql';

/** Sends a mutation, once more when its answer is lost; why GitHub refused it, null when it did not. */
async function sent(
  client: Client,
  mutation: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  for (let isLast = false; ; isLast = true) {
    try {
      parseBody(z.looseObject({}), await client.graphql(mutation, variables), REQUEST);
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== null) return refusal;
      const failure = translateFailure(error, REQUEST);
      if (isLast || !isAmbiguous(failure)) throw failure;
    }
  }
}

/** What the errors of an answer say; null for any other failure. */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'GraphqlResponseError') return null;
  const { errors = [] } = error as { readonly errors?: readonly { readonly message: string }[] };
  return errors.map(({ message }) => message).join('; ') || error.message;
}
