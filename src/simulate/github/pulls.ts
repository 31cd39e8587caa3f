import type { MergeResult, Oid, PullDetails, PullDraft } from '../../ports.ts';
import type { Commit } from '../git/objects.ts';
import type { Universe } from '../universe.ts';
import { subjectOf } from '../universe.ts';
import { change, latest } from './history.ts';
import { leaveQueue } from './merge-queue.ts';
import { BASE, issueOfBranch, numberAfter, type Remote, type RemotePull } from './remote.ts';

/** The port's view of a pull request. */
export const detailsOf = (pull: RemotePull): PullDetails => ({
  number: pull.number,
  head: pull.head,
  headSha: pull.headSha,
  base: pull.base,
  state: pull.state,
  merged: pull.mergeCommit !== null,
  mergeCommit: pull.mergeCommit,
  checks: pull.checks,
  review: 'none',
  closes: closedBy(pull),
});

/** The pull requests of a branch, newest first. */
export const pullsOf = (remote: Remote, branch: string): readonly RemotePull[] =>
  [...remote.pulls.values()].filter(({ head }) => head === branch).reverse();

/** Creates a pull request. Throws when its branch is not there, or has one that is open. */
export function createPull(
  universe: Universe,
  remote: Remote,
  draft: Omit<PullDraft, 'sha' | 'isFirst'>,
): RemotePull {
  const headSha = remote.branches.get(`refs/heads/${draft.head}`);
  if (headSha === undefined) throw new Error(`422: there is no branch ${draft.head}`);
  if (pullsOf(remote, draft.head).some(({ state }) => state === 'open')) throw new Error('422: it exists');
  const { head, base, title, body } = draft;
  const pull: RemotePull = {
    head,
    base,
    title,
    body,
    number: numberAfter(remote),
    headSha,
    state: 'open',
    mergeCommit: null,
    checks: remote.hasChecks ? 'pending' : 'unknown',
    reviews: [],
    queue: { position: null, left: null },
    mergedBy: null,
  };
  remote.pulls.set(pull.number, pull);
  note(universe, remote, pull, `opened at ${headSha}`);
  return pull;
}

/** Merges by squashing, if the head is still `sha`. `by` is `engine` or a person. */
export function mergePull(
  universe: Universe,
  remote: Remote,
  { number, sha, by }: { readonly number: number; readonly sha: Oid; readonly by: string },
): MergeResult {
  const pull = remote.pulls.get(number);
  if (!pull) throw new Error(`404: there is no pull request #${number}`);
  if (pull.state === 'closed') return { kind: 'refused', reason: 'Pull Request is not mergeable' };
  if (pull.headSha !== sha) return { kind: 'head-moved' };
  if (remote.hasQueue && by === 'engine')
    return { kind: 'refused', reason: 'Changes must be made through the merge queue' };
  const base = remote.branches.get(BASE) as Oid;
  const merged = universe.objects.merge(base, sha);
  if (merged.kind === 'conflict') return { kind: 'refused', reason: 'Merge conflict' };
  const commit = universe.objects.commit({ files: merged.files, parents: [base], by });
  remote.branches.set(BASE, commit.oid);
  noteMerge(universe, remote, { pull, base, commit, by });
  return { kind: 'merged', commit: commit.oid };
}

/** The queue merges the pull request that is first in it. */
export function mergeFirst(universe: Universe, remote: Remote): void {
  const first = [...remote.pulls.values()].find(({ queue }) => queue.position === 1);
  if (!first) return;
  const { number, headSha: sha } = first;
  const merged = mergePull(universe, remote, { number, sha, by: 'queue' });
  if (merged.kind !== 'merged') leaveQueue(remote, first, { reason: 'merge_conflict', by: null });
}

/** Shows the pull requests as merged whose heads the base contains, since the engine has pushed to it. */
export function mergeByPush(universe: Universe, remote: Remote, tip: Oid): void {
  const { objects } = universe;
  const commit = objects.read(tip);
  const base = commit.parents[0] ?? tip;
  for (const pull of remote.pulls.values()) {
    // It goes by what was pushed, not by what it shows yet.
    const head = remote.branches.get(`refs/heads/${pull.head}`) ?? pull.headSha;
    if (pull.state === 'closed' || !objects.isAncestor(head, tip)) continue;
    pull.headSha = head;
    noteMerge(universe, remote, { pull, base, commit, by: 'engine' });
  }
}

function noteMerge(
  universe: Universe,
  remote: Remote,
  {
    pull,
    base,
    commit,
    by,
  }: { readonly pull: RemotePull; readonly base: Oid; readonly commit: Commit; readonly by: string },
): void {
  pull.state = 'closed';
  pull.mergeCommit = commit.oid;
  pull.mergedBy = by;
  leaveQueue(remote, pull, { reason: 'merged', by: null });
  const what = `merged by ${by} at ${pull.headSha} onto ${base} as ${commit.oid} (${commit.tree.oid})`;
  note(universe, remote, pull, what);
  universe.watch.merged(remote, { pull, base, commit });
  closeIssuesOf(universe, remote, pull);
}

/** Closes a pull request without merging it. */
export function closePull(universe: Universe, remote: Remote, pull: RemotePull, by: string): void {
  if (pull.state === 'closed') return;
  pull.state = 'closed';
  leaveQueue(remote, pull, { reason: 'dequeued', by: null });
  note(universe, remote, pull, `closed by ${by}`);
}

/** Shows a pushed branch in its open pull request: at once, or after a while. */
export function followBranch(universe: Universe, remote: Remote, ref: string): void {
  const { random, scheduler, weather } = universe;
  const show = () => {
    const head = remote.branches.get(ref);
    const pull = pullsOf(remote, ref.slice('refs/heads/'.length)).find(({ state }) => state === 'open');
    if (!pull || pull.headSha === head) return;
    if (head === undefined) closePull(universe, remote, pull, 'the deletion of its branch');
    else {
      pull.headSha = head;
      leaveQueue(remote, pull, { reason: 'dequeued', by: null });
      pull.checks = remote.hasChecks ? 'pending' : 'unknown';
    }
  };
  const lagMs = random.chance(weather.rates.lagging) ? random.between(50, 3_000) : 0;
  if (lagMs === 0) show();
  else scheduler.after(lagMs, show);
}

/** https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const closedBy = ({ body }: Pick<RemotePull, 'body'>): readonly number[] =>
  [...body.matchAll(/\bCloses #(\d+)/g)].map(([, number]) => Number(number));

function closeIssuesOf({ scheduler }: Universe, remote: Remote, pull: RemotePull): void {
  for (const number of closedBy(pull)) {
    const history = remote.issues.get(number);
    if (!history || latest(history).issue.state === 'closed') continue;
    change(history, scheduler.now(), { state: 'closed', stateReason: 'completed' });
  }
}

function note({ trace }: Universe, { repo }: Remote, pull: RemotePull, text: string): void {
  trace.note('github', subjectOf(repo, issueOfBranch(pull.head)), `pull request #${pull.number} ${text}`);
}
