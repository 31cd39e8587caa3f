import { stamp } from '../clock.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type {
  Oid,
  PullIssue,
  QueueEntryRecord,
  QueueEventRecord,
  QueueRecord,
  RepositoryName,
  RepositoryRecord,
} from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { amendPull } from './amend-pull.ts';
import { finishMerge } from './finish-merge.ts';
import { isOpenPull } from './open-pull.ts';
import { placeOf, queueOf } from './queues.ts';
import { statesByContext } from './rollup.ts';
import { unmetRules } from './rules.ts';
import { writeMerge } from './write-merge.ts';

/** Puts a pull request at the end of its base's queue, or throws what GitHub answers. To be run in turn. */
export async function enqueuePull(
  parts: Parts,
  name: RepositoryName,
  { number, sha, by }: { readonly number: number; readonly sha: Oid | null; readonly by: string },
): Promise<void> {
  const { repository, issue } = openIn(parts, name, number);
  const { pull } = issue;
  const queue = queueOf(repository, pull.base.ref);
  if (queue === undefined) throw refusal('Pull request The base branch does not have a merge queue enabled');
  if (placeOf(repository, issue) !== null) throw refusal('Pull request is already in the queue');
  if (pull.draft) throw refusal('Pull request is in draft state');
  if (sha !== null && sha !== pull.head.sha)
    throw refusal('Expected head sha did not match current head ref.');
  const [unmet] = await unmetRules(parts, repository, pull);
  if (unmet !== undefined) throw refusal(`Pull request ${unmet}`);
  const entry = { id: parts.store.nextId(), pull: number, by, at: stamp(parts.clock), head: pull.head.sha };
  noteEvent(parts, issue, { kind: 'added', by, reason: null, commit: null });
  putQueue(parts, name, pull.base.ref, { ...queue, entries: [...queue.entries, { ...entry, group: null }] });
  await advanceQueues(parts, name);
}

/** Takes a pull request out of the queue, or throws what GitHub answers. To be run in turn. */
export async function dequeuePull(
  parts: Parts,
  name: RepositoryName,
  { number, by }: { readonly number: number; readonly by: string },
): Promise<void> {
  const { repository, issue } = openIn(parts, name, number);
  const place = placeOf(repository, issue);
  if (place === null) throw refusal(`Failed to remove PR #${number}`);
  await leave(parts, name, issue.pull.base.ref, place.entry, { by, reason: 'manual', commit: null });
  await advanceQueues(parts, name);
}

/**
 * Does what is due in a repository's queues: merges are built, each on the one before, and the first one becomes the
 * branch as soon as its required checks have passed. Doing it again, also after a crash, changes nothing more.
 */
export async function advanceQueues(parts: Parts, name: RepositoryName): Promise<void> {
  for (const branch of Object.keys(parts.store.repository(name)?.queues ?? {})) {
    while (await advance(parts, name, branch));
  }
}

/** Does one thing that is due; false: there was nothing. */
async function advance(parts: Parts, name: RepositoryName, branch: string): Promise<boolean> {
  const repository = parts.store.repository(name);
  const queue = repository && queueOf(repository, branch);
  const tip = await parts.refs.tip(name, branch);
  if (repository === undefined || queue === undefined || tip === null) return false;
  let base = tip;
  for (const [index, entry] of queue.entries.entries()) {
    const issue = parts.store.issue(keyOf({ repository: name, number: entry.pull }));
    if (issue === undefined || !isOpenPull(issue) || issue.pull.head.sha !== entry.head) {
      const reason = issue?.pull?.mergedAt ? 'merged' : 'dequeued';
      await leave(parts, name, branch, entry, { by: QUEUE, reason, commit: null });
      return true;
    }
    if (entry.group?.base !== base) {
      await build(parts, { repository, queue, issue, entry, base });
      return true;
    }
    const { commit } = entry.group;
    const verdict = verdictOf(parts, repository, branch, commit);
    if (verdict === 'failed') {
      await leave(parts, name, branch, entry, { by: QUEUE, reason: 'failed_checks', commit });
      return true;
    }
    if (index === 0 && verdict === 'passed') {
      const isMerged = await finishMerge(parts, { repository, issue, base, commit, by: entry.by });
      if (isMerged) await leave(parts, name, branch, entry, { by: QUEUE, reason: 'merged', commit });
      return isMerged;
    }
    base = commit;
  }
  return false;
}

/** Who GitHub names when the queue itself lets a pull request go. */
const QUEUE = 'github-merge-queue[bot]';

const groupRef = (branch: string, { pull }: QueueEntryRecord) =>
  `refs/heads/gh-readonly-queue/${branch}/pr-${pull}`;

/** Builds the merge of an entry on what is before it, as a branch that workflows can check. */
async function build(
  parts: Parts,
  {
    repository,
    queue,
    issue,
    entry,
    base,
  }: {
    readonly repository: RepositoryRecord;
    readonly queue: QueueRecord;
    readonly issue: PullIssue;
    readonly entry: QueueEntryRecord;
    readonly base: Oid;
  },
): Promise<void> {
  const name = nameOf(repository);
  const branch = issue.pull.base.ref;
  const order = { method: queue.method, sha: entry.head, title: null, message: null, by: entry.by };
  const commit = await writeMerge(parts, { repository, issue, base, order });
  if (commit === null) {
    await leave(parts, name, branch, entry, { by: QUEUE, reason: 'merge_conflict', commit: null });
    return;
  }
  await parts.refs.move(name, [{ ref: groupRef(branch, entry), from: undefined, to: commit }]);
  const built = { ...entry, group: { base, commit } };
  const entries = queue.entries.map(one => (one.id === entry.id ? built : one));
  putQueue(parts, name, branch, { ...queue, entries });
}

/** What the required checks say of a merge; without any there is nothing to wait for. */
function verdictOf(
  { store }: Parts,
  repository: RepositoryRecord,
  branch: string,
  commit: Oid,
): 'passed' | 'failed' | 'pending' {
  const states = statesByContext(store.commit(nameOf(repository), commit));
  const required = (repository.protections[branch]?.checks?.contexts ?? []).map(name => states.get(name));
  if (required.some(state => state === 'failure' || state === 'error')) return 'failed';
  return required.every(state => state === 'success') ? 'passed' : 'pending';
}

type Leaving = Pick<QueueEventRecord, 'by' | 'reason' | 'commit'>;

async function leave(
  parts: Parts,
  name: RepositoryName,
  branch: string,
  entry: QueueEntryRecord,
  why: Leaving,
): Promise<void> {
  const repository = parts.store.repository(name);
  const queue = repository && queueOf(repository, branch);
  if (queue === undefined) return;
  putQueue(parts, name, branch, { ...queue, entries: queue.entries.filter(({ id }) => id !== entry.id) });
  const issue = parts.store.issue(keyOf({ repository: name, number: entry.pull }));
  if (issue?.pull) noteEvent(parts, { ...issue, pull: issue.pull }, { kind: 'removed', ...why });
  const ref = groupRef(branch, entry);
  if ((await parts.refs.of(name)).has(ref)) await parts.refs.move(name, [{ ref, from: undefined, to: null }]);
}

function noteEvent(parts: Parts, issue: PullIssue, event: Omit<QueueEventRecord, 'id' | 'at'>): void {
  const noted = { id: parts.store.nextId(), at: stamp(parts.clock), ...event };
  amendPull(parts, issue, { queueEvents: [...(issue.pull.queueEvents ?? []), noted] });
}

function putQueue({ store }: Parts, name: RepositoryName, branch: string, queue: QueueRecord): void {
  const repository = store.repository(name);
  if (repository === undefined) return;
  store.putRepository({ ...repository, queues: { ...repository.queues, [branch]: queue } });
}

function openIn(
  { store }: Parts,
  name: RepositoryName,
  number: number,
): { readonly repository: RepositoryRecord; readonly issue: PullIssue } {
  const repository = store.repository(name);
  const issue = store.issue(keyOf({ repository: name, number }));
  if (repository === undefined || issue === undefined || !isOpenPull(issue)) {
    throw refusal('Pull request is closed');
  }
  return { repository, issue };
}

const refusal = (message: string): ApiFailure => new ApiFailure(422, message);
