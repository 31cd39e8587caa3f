import type { Issue } from '../core/world.ts';
import { change, latest } from './github/history.ts';
import { closePull, followBranch, mergePull } from './github/pulls.ts';
import { BASE, issueOfBranch, type Remote, type RemotePull } from './github/remote.ts';
import { fulfil, isSound, mended } from './project.ts';
import type { Random } from './random.ts';
import { subjectOf, type Universe } from './universe.ts';

/** Plans what people do until a time; afterwards they put back what would keep work from being done. */
export function planPeople(
  universe: Universe,
  { untilMs, everyMs }: { readonly untilMs: number; readonly everyMs: number },
): void {
  const { scheduler } = universe;
  const random = universe.random.fork('people');
  const next = () => {
    if (scheduler.now() >= untilMs) {
      markAllReady(universe);
      return keepBaseSound(universe);
    }
    const remote = random.pick([...universe.remotes.values()]);
    const issue = issueOf(remote, random.pick([...remote.issues.keys()]));
    DEEDS[random.draw(WEIGHTS)]({ universe, random, remote, issue });
    scheduler.after(everyMs * random.between(0.2, 1.8), next);
  };
  scheduler.after(everyMs * random.next(), next);
}

/** What people do, in proportion. */
const WEIGHTS = {
  edit: 3,
  close: 2,
  reopen: 2,
  label: 3,
  unlabel: 1,
  claimByHand: 1,
  pushToBase: 3,
  pushToBranch: 4,
  deleteBranch: 1,
  closePull: 1,
  mergePull: 1,
  pause: 1,
  pauseByForce: 3,
} as const;

interface Place {
  readonly universe: Universe;
  readonly random: Random;
  readonly remote: Remote;
  readonly issue: Issue;
}

const READY = 'ready-for-agent';

const DEEDS: Readonly<Record<keyof typeof WEIGHTS, (place: Place) => void>> = {
  edit: place => set(place, { body: `${place.issue.body} And more.`, lastEditor: 'alice' }),
  close: place => {
    const stateReason = place.random.pick(['completed', 'not_planned'] as const);
    if (place.issue.state === 'open') set(place, { state: 'closed', stateReason });
  },
  reopen: place => {
    const { universe, remote, issue } = place;
    if (issue.state === 'open') return;
    universe.watch.reopens(remote, issue.number, 'person');
    set(place, { state: 'open', stateReason: 'reopened' });
  },
  label: place => addLabel(place, place.random.pick(['discuss', 'priority:1'])),
  unlabel: place => set(place, { labels: place.issue.labels.filter(label => label !== READY) }),
  claimByHand: place => addLabel(place, 'agent-working'),
  pushToBase: ({ universe, random, remote, issue }) => {
    const { objects, trace, watch } = universe;
    const tip = remote.branches.get(BASE) ?? '';
    const wish = random.pick(['shared', 'api', 'use'] as const);
    // Under a number that no issue has; it may conflict with their work, and never breaks the base.
    const order = { issue: 100 + issue.number, wish, attempt: random.whole(1, 1_000) };
    const files = fulfil(objects.read(tip).tree.files, order);
    const commit = objects.commit({ files, parents: [tip], by: PERSON });
    remote.branches.set(BASE, commit.oid);
    watch.basePushed(remote);
    trace.note('alice', null, `pushes ${commit.oid} (${wish}) to the base of ${remote.repo}`);
  },
  pushToBranch: ({ universe, random, remote }) => {
    const pushed = [...remote.branches.keys()].flatMap(ref => issueOfBranch(ref) ?? []);
    if (pushed.length > 0) pushToBranch({ universe, remote, issue: issueOf(remote, random.pick(pushed)) });
  },
  deleteBranch: ({ universe, random, remote }) => {
    const pull = anOpenPull(remote, random);
    if (!pull) return;
    universe.trace.note('alice', null, `deletes the branch ${pull.head}`);
    remote.branches.delete(`refs/heads/${pull.head}`);
    followBranch(universe, remote, `refs/heads/${pull.head}`);
  },
  closePull: ({ universe, random, remote }) => {
    const pull = anOpenPull(remote, random);
    if (pull) closePull(universe, remote, pull, 'alice');
  },
  mergePull: ({ universe, random, remote }) => {
    const pull = anOpenPull(remote, random);
    if (!pull) return;
    const merged = universe.objects.merge(remote.branches.get(BASE) ?? '', pull.headSha);
    if (merged.kind === 'conflict' || !isSound(merged.files)) return;
    mergePull(universe, remote, { number: pull.number, sha: pull.headSha, by: 'alice' });
  },
  pause: place => pause(place, null),
  pauseByForce: place => pause(place, place.random.between(0, 30_000)),
};

/** Pauses a fleet for a while; by force when live sessions get a grace period. */
function pause({ universe, random }: Place, graceMs: number | null): void {
  const { scheduler, trace, rules } = universe;
  const { disk, name, clock } = random.pick(universe.machines);
  disk.isPaused = true;
  disk.putDownBy = graceMs === null ? null : scheduler.now() + clock.skewMs + graceMs;
  trace.note(
    name,
    null,
    graceMs === null ? 'is paused' : `is paused by force in ${Math.round(graceMs / 1000)} s`,
  );
  scheduler.after(random.between(1_000, 2 * rules.leaseTtlMs), () => {
    disk.isPaused = false;
    disk.putDownBy = null;
    trace.note(name, null, 'is resumed');
  });
}

/** A person adds a commit to the branch of an issue, if it was pushed. */
export function pushToBranch({ universe, remote, issue }: Omit<Place, 'random'>): void {
  const { objects, trace } = universe;
  const ref = `refs/heads/issue/${issue.number}`;
  const tip = remote.branches.get(ref);
  if (tip === undefined) return;
  const files = new Map(objects.read(tip).tree.files).set(`note/${issue.number}`, 'a note of a person');
  const commit = objects.commit({ files, parents: [tip], by: PERSON });
  remote.branches.set(ref, commit.oid);
  trace.note('alice', subjectOf(remote.repo, issue.number), `pushes ${commit.oid} to ${ref}`);
  followBranch(universe, remote, ref);
}

/** Who makes the commits of people. */
export const PERSON = 'person alice';

function issueOf({ issues }: Remote, number: number): Issue {
  const history = issues.get(number);
  if (!history) throw new Error(`There is no issue #${number}.`);
  return latest(history).issue;
}

function set({ universe, remote, issue }: Omit<Place, 'random'>, facts: Partial<Issue>): void {
  const history = remote.issues.get(issue.number);
  if (!history) return;
  change(history, universe.scheduler.now(), facts);
  const said = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  universe.trace.note('alice', subjectOf(remote.repo, issue.number), `sets ${said.join(', ')}`);
}

function addLabel(place: Place, label: string): void {
  if (!place.issue.labels.includes(label)) set(place, { labels: [...place.issue.labels, label] });
}

function anOpenPull({ pulls }: Remote, random: Random): RemotePull | null {
  const open = [...pulls.values()].filter(({ state }) => state === 'open');
  return open.length > 0 ? random.pick(open) : null;
}

/** Whoever finds the base broken, by a merge that a push had come before, mends it. */
function keepBaseSound(universe: Universe): void {
  for (const remote of universe.remotes.values()) {
    const tip = remote.branches.get(BASE) ?? '';
    const { files } = universe.objects.read(tip).tree;
    if (isSound(files)) continue;
    const commit = universe.objects.commit({ files: mended(files), parents: [tip], by: PERSON });
    remote.branches.set(BASE, commit.oid);
    universe.watch.basePushed(remote);
    universe.trace.note('alice', null, `mends the base of ${remote.repo} with ${commit.oid}`);
  }
  universe.scheduler.after(LOOKS_AT_BASE_MS, () => keepBaseSound(universe));
}

const LOOKS_AT_BASE_MS = 120_000;

function markAllReady(universe: Universe): void {
  for (const remote of universe.remotes.values()) {
    for (const number of remote.issues.keys()) {
      const issue = issueOf(remote, number);
      if (issue.state === 'closed' || issue.labels.includes(READY)) continue;
      set({ universe, remote, issue }, { labels: [...issue.labels, READY] });
    }
  }
}
