import type { Failure } from '../core/contracts.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { type Lease, leaseTaken, takeLease, takingOf } from '../leases/lease.ts';
import type { Oid, PullDetails } from '../ports.ts';
import { LOOK_MAX_AGE_MS, waitsForNobody } from './ask.ts';
import { claimOfTrain, leaveTrain } from './boarding.ts';
import {
  gatesOf,
  type Lander,
  type Landing,
  type LandingEnd,
  refusal,
  type State,
  TEXT_CHANGED,
  withFacts,
} from './landing.ts';
import { perform, UNPROVEN } from './perform.ts';
import { type LandingStep, nextStep } from './plan.ts';
import { publish } from './publish.ts';
import { seeQueue, seeQueueAtRest } from './queue.ts';
import { compareTrees, verifyTogether } from './read-back.ts';

// Each round re-reads what moved; a base that never rests must not hold the train for ever.
const MAX_STEPS = 40;

/**
 * What follows when a landing is over, or can't go on now. `train` is the train's lease where it was boarded, still
 * held, so that leaving it can go with what ends the attempt; null: there is nothing to leave.
 */
export type Conclude<T> = (end: LandingEnd, train: Lease | null) => Promise<T>;

/** Takes a branch step by step to the base, or finds which gate stops it. Safe to begin again at any time. */
export async function land<T>(lander: Lander, landing: Landing, conclude: Conclude<T>): Promise<T> {
  let state = await firstLook(lander, landing);
  let place: Place = 'before';
  for (;;) {
    const way = await proceed(lander, landing, state, place);
    if (way.kind !== 'boards') return conclude(way, null);
    state = way.state;
    const { lease } = state;
    if (!lander.proofs.holds(lease.repo, lease.ref)) {
      return conclude({ kind: 'stopped', reason: UNPROVEN }, null);
    }
    const ridden = await lander.train.ride(keyOf(landing), () =>
      tryRide(lander, landing, way.state, conclude),
    );
    if (ridden) return ridden.value;
    // Outside of this process's own order: the attempt that has the train may be waiting for its turn here.
    if (isOnGitHub(way.state)) await lander.host.pause(BUSY_MS);
    place = 'beside';
  }
}

/** How long to wait for another landing before looking again. */
const BUSY_MS = 3_000;

const keyOf = ({ lease, baseBranch }: Landing) => `${lease.repo}@${baseBranch}`;

async function firstLook(lander: Lander, landing: Landing): Promise<State> {
  const { repo } = landing.lease;
  const [base, branch] = await Promise.all([
    lander.repos.fetchBranch(repo, landing.baseBranch),
    lander.repos.remoteBranch(repo, landing.branch),
  ]);
  const { head, verified } = landing;
  const isFirst = branch === null && landing.published.length === 0;
  const pulls = isFirst ? [] : await knownPulls(lander, landing);
  const pull = landedBy(landing, pullFor(head, pulls, null));
  const isForeign = branch !== null && !(await isOurs(lander, landing, branch));
  const failure = landing.failure ?? (isForeign ? pushedBySomebody(landing.branch, branch) : null);
  const issueState = landing.issue.state;
  const { refusal } = landing;
  const queue = await seeQueueAtRest(lander, landing, pull);
  const facts = { issueState, head, base, verified, branch, pull, failure, readiness: null, refusal, queue };
  return { lease: landing.lease, facts, gates: verified?.gates ?? [], output: null, isFirst };
}

/**
 * The branch's pull requests; where the snapshot shows an open one of this head, that alone: what has become of it since is
 * looked for in the train, and before the landing fails.
 */
async function knownPulls({ board }: Lander, landing: Landing): Promise<readonly PullDetails[]> {
  const { branch, head, lease } = landing;
  const { pulls } = await board.snapshot(lease.repo, { maxAgeMs: LOOK_MAX_AGE_MS });
  const open = pulls.find(pull => pull.state === 'open' && pull.head === branch && pull.headSha === head);
  return open ? [{ ...open, mergeCommit: null }] : board.pullsOf(lease.repo, branch);
}

/** The pull request that merged the head; else the one that is known, or open, or that a person closed at this head. */
function pullFor(head: Oid, pulls: readonly PullDetails[], known: PullDetails | null): PullDetails | null {
  return (
    pulls.find(pull => pull.merged && pull.headSha === head) ??
    pulls.find(({ number }) => number === known?.number) ??
    pulls.find(({ state }) => state === 'open') ??
    pulls.find(({ headSha }) => headSha === head) ??
    null
  );
}

/** The pull request of what the journal says has landed, though GitHub may not show it yet. */
const landedBy = ({ landed, head: headSha }: Landing, pull: PullDetails | null): PullDetails | null =>
  landed && pull ? { ...pull, headSha, state: 'closed', merged: true, mergeCommit: landed.commit } : pull;

/** Whether the branch may be moved from there: nothing that a person pushed is lost by it. */
async function isOurs({ repos }: Lander, landing: Landing, branch: Oid): Promise<boolean> {
  const { head, published, lease } = landing;
  if (branch === head || published.includes(branch)) return true;
  return repos.isAncestor(lease.repo, { ancestor: branch, commit: head }).catch(() => false);
}

const pushedBySomebody = (branch: string, tip: Oid): Failure =>
  refusal(`somebody pushed ${tip.slice(0, 10)} to ${branch}, and this work does not build on it`);

/** `before` the train, which is boarded with the branch's push if it is free; `beside` it, to be boarded later. */
type Place = 'before' | 'beside' | 'inside';

/** It is to go on in the train. */
interface Boards {
  readonly kind: 'boards';
  readonly state: State;
}

async function proceed(
  lander: Lander,
  landing: Landing,
  start: State,
  place: Place,
): Promise<LandingEnd | Boards> {
  let state = start;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = nextStep(state.facts);
    const isLast = step.kind === 'merge' || step.kind === 'enqueue';
    if (isLast && place !== 'inside') return { kind: 'boards', state };
    if (step.kind === 'publish' && place === 'before' && (await goesOnAtOnce(lander, landing, state))) {
      return { kind: 'boards', state };
    }
    if (step.kind === 'finish') return finish(lander, landing, state, { ...step, place });
    const isUnexpected = step.kind === 'fail' || (step.kind === 'wait' && place === 'inside');
    const merged = isUnexpected ? await lateMerge(lander, landing, state) : null;
    if (merged) {
      state = withFacts(state, { pull: merged });
      continue;
    }
    if (step.kind === 'fail') return failedWith(landing, state, step.failure);
    if (step.kind === 'wait') return waitingFor(state, step.reason);
    const next = await perform(lander, landing, state, step);
    if (next.kind === 'stopped') return next;
    state = next.state;
  }
  return failedWith(landing, state, {
    class: 'refused',
    signature: 'refused: base never rests',
    message: `the base moved faster than the change could be verified (${MAX_STEPS} steps)`,
  });
}

/** Once its branch is pushed nothing keeps it from being merged: neither checks and people, nor another landing. */
async function goesOnAtOnce(lander: Lander, landing: Landing, state: State): Promise<boolean> {
  return !lander.train.isBusy(keyOf(landing)) && (await waitsForNobody(lander, landing, state));
}

/**
 * The pull request, when it is merged after all: a merge whose answer was lost may have its effect after it was
 * read back, and meanwhile the base may have moved so that nothing else could land.
 */
async function lateMerge(
  { board }: Lander,
  { lease, branch }: Landing,
  { facts: { pull: known, head } }: State,
): Promise<PullDetails | null> {
  if (!known) return null;
  const pulls = await board.pullsOf(lease.repo, branch);
  return pulls.find(pull => pull.merged && pull.mergeCommit !== null && pull.headSha === head) ?? null;
}

/** From here on one landing at a time, over all fleets: the base may move only between two rides. null: not now. */
async function tryRide<T>(
  lander: Lander,
  landing: Landing,
  state: State,
  conclude: Conclude<T>,
): Promise<{ readonly value: T } | null> {
  const boarded = await board(lander, landing, state);
  if (!boarded) return null;
  const { train } = boarded;
  const end = await proceed(lander, landing, boarded.state, 'inside');
  if (end.kind === 'boards') throw new Error('A landing boards the train that it is in.');
  if (end.kind === 'waiting') {
    await leaveTrain(lander, train);
    return { value: await conclude(end, null) };
  }
  try {
    return { value: await conclude(end, train) };
  } catch (error) {
    // What could not be concluded is tried again, and must not keep others waiting until then.
    await leaveTrain(lander, train);
    throw error;
  }
}

interface Boarded {
  readonly train: Lease;
  readonly state: State;
}

/** Takes the train, in the same push as the branch where that is still to be pushed. */
async function board(lander: Lander, landing: Landing, state: State): Promise<Boarded | null> {
  const claim = await claimOfTrain(lander, { lease: state.lease, base: landing.baseBranch });
  if (!claim) return null;
  if (isOnGitHub(state)) {
    const taken = await takeLease(lander, claim);
    if (taken.kind !== 'done') return null;
    return { train: taken.lease, state: await lastLook(lander, landing, state) };
  }
  const pushed = await publish(lander, landing, state, { also: [takingOf(claim)] });
  // Whether that was for the train or for the lease, the branch's own push will tell.
  if (pushed.kind !== 'done') return null;
  return { train: leaseTaken(claim, pushed.tips), state: await lastLook(lander, landing, pushed.state) };
}

/** What may have changed while the landing waited for the train. */
async function lastLook(lander: Lander, landing: Landing, state: State): Promise<State> {
  const { repo } = landing.lease;
  const [base, issue] = await Promise.all([
    lander.repos.fetchBranch(repo, landing.baseBranch),
    landing.issue.number === null ? null : lander.board.issue(repo, landing.issue.number),
  ]);
  const isAsAsked = issue === null || bodyHashOf(issue) === landing.lease.last.bodyHash;
  const failure = isAsAsked ? null : TEXT_CHANGED;
  const looked = withFacts(state, { base, issueState: issue?.state ?? 'open', failure, readiness: null });
  // None is there yet, or it is an earlier attempt's, which is still to get the text of this one.
  if (!state.facts.pull) return looked;
  // Read after the issue: when the merge of an earlier try has closed that, it is seen here.
  const pulls = await lander.board.pullsOf(repo, landing.branch);
  const pull = pullFor(state.facts.head, pulls, state.facts.pull);
  const { queue } = state.facts;
  const seen = queue && (await seeQueue(lander, { ...landing, queued: queue.mark }, pull));
  return withFacts(looked, { pull, queue: seen });
}

/** Reads the base back and compares what was merged with what was verified. */
async function finish(
  lander: Lander,
  landing: Landing,
  state: State,
  { pull, commit, place }: Extract<LandingStep, { kind: 'finish' }> & { readonly place: Place },
): Promise<LandingEnd | Boards> {
  const { repo } = landing.lease;
  const base = await lander.repos.fetchBranch(repo, landing.baseBranch);
  // The journal's other gates are from before it waited.
  const asked = state.facts.queue?.mark?.gates ?? [];
  const before = gatesOf(landing, { ...state, gates: [...state.gates, ...asked] });
  const isOpen = before.some(({ gate, verdict }) => gate === 'verify' && verdict === 'unknown');
  const compared = await compareTrees(lander, repo, commit, isOpen ? null : state.facts.verified);
  const isTogether = compared.verdict === 'fail' && state.facts.queue?.mark != null;
  // Until the base is verified with all of it, no other landing of a fleet may begin.
  if (isTogether && place !== 'inside') return { kind: 'boards', state };
  const { session } = landing.lease.last;
  const readBack = isTogether ? await verifyTogether(lander, { repo, base, session }) : compared;
  const gates = [...before, readBack];
  return { kind: 'landed', lease: state.lease, pull, head: state.facts.head, commit, base, gates };
}

/** Nothing is left to be pushed before the train can be taken. */
const isOnGitHub = ({ facts: { branch, head, pull } }: State): boolean =>
  branch === head || pull?.merged === true;

const failedWith = (landing: Landing, state: State, failure: Failure): LandingEnd => ({
  kind: 'failed',
  lease: state.lease,
  failure,
  head: state.facts.head,
  base: state.facts.base,
  gates: gatesOf(landing, state),
  output: state.output,
});

const waitingFor = ({ lease, facts }: State, reason: string): LandingEnd => {
  if (!facts.pull) throw new Error('A landing waits before it has a pull request.');
  const wantsPerson = facts.readiness?.wantsPerson ?? false;
  const isQueued = facts.queue !== null && facts.queue.position !== null;
  return { kind: 'waiting', lease, pull: facts.pull, head: facts.head, reason, wantsPerson, isQueued };
};
