import { dequeuePull, enqueuePull } from '../../board/merge-queue.ts';
import { nameOf } from '../../records.ts';
import { pullById } from '../identify.ts';
import { queueFields } from '../queue-node.ts';
import type { Acting, Input } from './acting.ts';
import { enter } from './acting.ts';

interface EnqueueInput extends Input {
  readonly pullRequestId: string;
  readonly expectedHeadOid?: string | null;
}

interface DequeueInput extends Input {
  readonly id: string;
}

/** Putting pull requests into a merge queue, and taking them out. */
export function queueMutations(acting: Acting) {
  const { parts, login: by } = acting;
  /** Changes the queue in turn; the entry that the pull request has then, or null. */
  const change = async (
    { clientMutationId }: Input,
    id: string,
    act: (name: string, number: number) => Promise<void>,
  ) => {
    const { repository, issue } = pullById(acting, id);
    const name = nameOf(enter(acting, repository, 'write'));
    await parts.inTurn(name, () => act(name, issue.number));
    const after = pullById(acting, id);
    const { mergeQueueEntry } = queueFields(acting, after.repository, after.issue);
    return { clientMutationId, mergeQueueEntry };
  };
  return {
    enqueuePullRequest: ({ input }: { input: EnqueueInput }) =>
      change(input, input.pullRequestId, (name, number) =>
        enqueuePull(parts, name, { number, sha: input.expectedHeadOid ?? null, by }),
      ),
    dequeuePullRequest: ({ input }: { input: DequeueInput }) =>
      change(input, input.id, (name, number) => dequeuePull(parts, name, { number, by })),
  };
}
