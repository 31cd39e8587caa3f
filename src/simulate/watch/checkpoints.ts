import { isAdoption } from '../../core/adoption.ts';
import type { JournalEntry } from '../../core/contracts.ts';
import { issueRef, wipRef } from '../../leases/lease.ts';
import { STARTS_AFRESH } from '../../loop/checkpoint.ts';
import type { Oid, SessionPlan } from '../../ports.ts';
import type { Files, Objects } from '../git/objects.ts';
import { issueOf } from '../github/remote.ts';
import type { Machine, SessionRecord } from '../machines/machine.ts';
import type { Process } from '../machines/process.ts';
import { remoteOf, subjectOf, type Universe } from '../universe.ts';
import { isWell, type Scene, subjectOfRef } from './scene.ts';
import type { Watch } from './watch.ts';

/**
 * Watches what is saved of agents at work: that it is what their journal names, that it is saved in time, that an attempt
 * which ends leaves nothing less, and that the next one begins with what the last one has left.
 */
export function watchCheckpoints(
  scene: Scene,
): Pick<Watch, 'appends' | 'movesBranch' | 'launches'> & { readonly lookAtLiveWork: () => void } {
  /** The newest commit that was saved of an attempt at work, by the attempt. */
  const saved = new Map<string, Oid>();
  const drafts = new Map<string, Draft>();
  return {
    appends: (remote, { process, update: { ref, entries } }) => {
      const before = remote.journals.get(ref)?.entries ?? [];
      for (const receipt of entries.filter(({ op }) => op === 'receipt')) {
        const commit = saved.get(receipt.session);
        if (commit === undefined || hasLanding(before, receipt) || isGivenUp(receipt)) continue;
        if (leavesAll(scene.universe(), process, { receipt, commit })) continue;
        const message = `attempt ${receipt.attempt} leaves ${receipt.head}, and ${commit} was saved of it`;
        scene.fail('keeps-checkpoints', subjectOfRef(remote, ref), message);
      }
    },

    movesBranch: (remote, { ref, to }) => {
      const issue = issueOf(ref, 'wip');
      if (issue === null || to === null) return;
      const entries = remote.journals.get(issueRef(issue))?.entries ?? [];
      const last = entries.findLast(({ op }) => op === 'checkpoint' || op === 'receipt');
      if (last?.op === 'checkpoint') saved.set(last.session, to);
      if (last?.head === to) return;
      const message = `${ref} is moved to ${to}, and the journal names ${last?.head ?? 'nothing'}`;
      scene.fail('keeps-checkpoints', subjectOf(remote.repo, issue), message);
    },

    launches: ({ machine }, { plan, begunAt }) => {
      if (machine.thawedAt > begunAt || plan.issue === null || plan.review || plan.kind !== 'IMPL') return;
      const left = leftByTheLast(scene.universe(), { ...plan, issue: plan.issue });
      if (left === null || scene.universe().objects.isAncestor(left, plan.start)) return;
      const message = `attempt ${plan.attempt} begins on ${plan.start}, without ${left}`;
      scene.fail('keeps-checkpoints', subjectOf(plan.repo, plan.issue), message);
    },

    lookAtLiveWork: () => {
      const universe = scene.universe();
      for (const [record, machine] of agentsAtWork(universe)) {
        const { nonce, repo, issue, name } = record.plan;
        const draft = draftOf(universe, { record, machine, known: drafts.get(nonce) });
        drafts.set(nonce, draft);
        const isSaved = saved.has(nonce) && treeOf(universe, saved.get(nonce) ?? '') === draft.tree;
        const dueAt = draft.since + universe.rules.savedWithinMs;
        if (isSaved || draft.isFirst || universe.scheduler.now() < dueAt) continue;
        const seconds = Math.round((universe.scheduler.now() - draft.since) / 1000);
        scene.fail('keeps-checkpoints', subjectOf(repo, issue), `${name} was not saved for ${seconds} s`);
      }
    },
  };
}

/** What is in the worktree of an agent at work. */
interface Draft {
  readonly tree: Oid;
  /** Since when it has been like that, on a machine that was well all the time (true milliseconds). */
  readonly since: number;
  /** It is what the agent began with. */
  readonly isFirst: boolean;
}

function draftOf(
  universe: Universe,
  { record, machine, known }: { record: SessionRecord; machine: Machine; known: Draft | undefined },
): Draft {
  const { objects, scheduler, weather } = universe;
  const { start, worktree } = record.plan;
  const files = machine.disk.worktrees.get(worktree)?.files;
  const tree = files ? objects.tree(files).oid : treeOf(universe, start);
  const isCalm = weather.rates.failed === 0 && scheduler.now() > weather.gitDownUntil;
  const isExpected = isCalm && isWell(machine, universe) && !isToStop(machine);
  const since = isExpected && known?.tree === tree ? known.since : scheduler.now();
  return { tree, since, isFirst: tree === treeOf(universe, start) };
}

/** Its sessions are about to be put down, and saved by that. */
const isToStop = ({ disk, processes }: Machine) =>
  disk.putDownBy !== null || processes.some(({ isAlive, stop }) => isAlive && stop.signal.aborted);

const agentsAtWork = ({ machines }: Universe): readonly (readonly [SessionRecord, Machine])[] =>
  machines.flatMap(machine =>
    [...machine.disk.sessions.values()]
      .filter(({ plan, agent }) => agent?.isAlive && plan.kind === 'IMPL' && !plan.review)
      .map(record => [record, machine] as const),
  );

const treeOf = ({ objects }: Universe, commit: Oid) => objects.read(commit).tree.oid;

/** What it leaves is the head that was pushed: all that counts of an agent that has said that it is done. */
const hasLanding = (before: readonly JournalEntry[], { session }: JournalEntry) =>
  before.some(entry => entry.op === 'landing' && entry.session === session);

const isGivenUp = ({ failure, landed }: JournalEntry) =>
  landed !== undefined || !failure || STARTS_AFRESH.has(failure.class);

/** Its receipt names what was saved of it, or what its agent has made of that since. */
function leavesAll(
  universe: Universe,
  { machine }: Process,
  { receipt, commit }: { readonly receipt: JournalEntry; readonly commit: Oid },
): boolean {
  const { objects } = universe;
  const { head, session } = receipt;
  if (head === null) return false;
  if (objects.isAncestor(commit, head)) return true;
  const record = [...machine.disk.sessions.values()].find(({ plan }) => plan.nonce === session);
  const worktree = record && machine.disk.worktrees.get(record.plan.worktree);
  if (!worktree) return false;
  const isCommitted = worktree.head !== null && objects.isAncestor(worktree.head, head);
  return isCommitted || isAlike(objects.read(head).tree.files, worktree.files);
}

/** What a restless agent adds to what it has said to be done is nobody's. */
function isAlike(a: Files, b: Files): boolean {
  const paths = [...new Set([...a.keys(), ...b.keys()])];
  return paths.every(path => path === 'afterthought' || a.get(path) === b.get(path));
}

/** The work of the attempt before this one, where it is to be gone on with; null where it is not. */
function leftByTheLast(
  { objects, remotes }: Universe,
  { repo, issue, nonce, base, branch, start }: SessionPlan & { readonly issue: number },
): Oid | null {
  const remote = remoteOf({ remotes }, repo);
  const entries = remote.journals.get(issueRef(issue))?.entries ?? [];
  const own = entries.findIndex(({ op, session }) => op === 'claim' && session === nonce);
  const receipt = entries.slice(0, own).findLast(({ op }) => op === 'receipt');
  if (!receipt?.head || isGivenUp(receipt) || isAdoption(receipt)) return null;
  // One that could not be pushed is on one host alone.
  if (remote.branches.get(wipRef(issue)) !== receipt.head) return null;
  // What a person has pushed comes first, though it may be deleted by now.
  const pushed = remote.branches.get(`refs/heads/${branch}`);
  if (pushed !== undefined && objects.read(pushed).by.startsWith('person')) return null;
  if (addsOfPeople(objects, { base, head: start })) return null;
  return objects.merge(base, receipt.head).kind === 'conflict' ? null : receipt.head;
}

/** Some of the commits that `head` adds to `base` are a person's. */
function addsOfPeople(objects: Objects, { base, head }: { readonly base: Oid; readonly head: Oid }): boolean {
  if (objects.isAncestor(head, base)) return false;
  const { by, parents } = objects.read(head);
  return by.startsWith('person') || parents.some(parent => addsOfPeople(objects, { base, head: parent }));
}
