import type { EnqueueResult, Oid, QueueLeaving } from '../../ports.ts';
import type { Remote, RemotePull } from './remote.ts';

/** Puts a pull request at the end of the queue; it stays there until it is merged or leaves. */
export function enqueue({ pulls }: Remote, pull: RemotePull, sha: Oid): EnqueueResult {
  if (pull.headSha !== sha) return { kind: 'head-moved' };
  if (pull.state === 'closed') return { kind: 'refused', reason: 'Pull request is closed' };
  if (pull.queue.position === null) {
    const before = [...pulls.values()].map(({ queue }) => queue.position ?? 0);
    pull.queue = { ...pull.queue, position: Math.max(0, ...before) + 1 };
  }
  return { kind: 'queued', position: pull.queue.position ?? 1 };
}

/** The queue lets a pull request go, or somebody takes it out. */
export function leaveQueue(
  remote: Remote,
  pull: RemotePull,
  {
    reason,
    by,
    commit = null,
  }: { readonly reason: string; readonly by: string | null; readonly commit?: Oid | null },
): void {
  if (pull.queue.position === null) return;
  const id = `${Number(pull.queue.left?.id ?? 0) + 1}`;
  const left: QueueLeaving = { id, reason, by, isByPerson: by !== null, commit };
  pull.queue = { position: null, left };
  const rest = [...remote.pulls.values()].filter(({ queue }) => queue.position !== null);
  rest.sort((a, b) => (a.queue.position ?? 0) - (b.queue.position ?? 0));
  for (const [index, other] of rest.entries()) other.queue = { ...other.queue, position: index + 1 };
}
