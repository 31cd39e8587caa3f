import type { Failure } from '../core/contracts.ts';
import { PACKET_FILE } from '../core/journal.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { appendToLease } from '../leases/lease.ts';
import type { Oid, PullDetails } from '../ports.ts';
import { ask } from './ask.ts';
import { boardTrain, leaveTrain } from './boarding.ts';
import { expectsChecks } from './expected-checks.ts';
import {
  gatesOf,
  type Lander,
  type Landing,
  type LandingEnd,
  refusal,
  type State,
  withFacts,
} from './landing.ts';
import { packetOf } from './packet.ts';
import { type LandingStep, nextStep } from './plan.ts';
import { compareTrees } from './read-back.ts';
import { expectedChecks } from './readiness.ts';
import { type LandingText, landingText } from './text.ts';
import { verifyMerge } from './verify.ts';

// Each round re-reads what moved; a base that never rests must not hold the train for ever.
const MAX_STEPS = 40;

/** Takes a branch step by step to the base, or says which gate stopped it. Safe to begin again at any time. */
export async function land(lander: Lander, landing: Landing): Promise<LandingEnd> {
  const { repo } = landing.lease;
  const [base, branch, pulls] = await Promise.all([
    lander.repos.fetchBranch(repo, landing.baseBranch),
    lander.repos.remoteBranch(repo, landing.branch),
    lander.board.pullsOf(repo, landing.branch),
  ]);
  const { head, verified } = landing;
  const pull = pullFor(head, pulls, null);
  const isForeign = branch !== null && !(await isOurs(lander, landing, branch));
  const failure = landing.failure ?? (isForeign ? pushedBySomebody(landing.branch, branch) : null);
  const issueState = landing.issue.state;
  const facts = { issueState, head, base, verified, branch, pull, failure, readiness: null };
  const state: State = { lease: landing.lease, facts, gates: verified?.gates ?? [], output: null };

  return proceed(lander, landing, state, { inTrain: false });
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

/** Whether the branch may be moved from there: nothing that a person pushed is lost by it. */
async function isOurs({ repos }: Lander, landing: Landing, branch: Oid): Promise<boolean> {
  const { head, published, lease } = landing;
  if (branch === head || published.includes(branch)) return true;
  return repos.isAncestor(lease.repo, { ancestor: branch, commit: head }).catch(() => false);
}

const pushedBySomebody = (branch: string, tip: Oid): Failure =>
  refusal(`somebody pushed ${tip.slice(0, 10)} to ${branch}, and this work does not build on it`);

async function proceed(
  lander: Lander,
  landing: Landing,
  start: State,
  { inTrain }: { inTrain: boolean },
): Promise<LandingEnd> {
  let state = start;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = nextStep(state.facts);
    if (step.kind === 'merge' && !inTrain) return rideTrain(lander, landing, state);
    if (step.kind === 'finish') return finish(lander, landing, state, step);
    if (step.kind === 'fail') {
      const pull = await lateMerge(lander, landing, state);
      if (!pull) return failedWith(landing, state, step.failure);
      state = withFacts(state, { pull });
      continue;
    }
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

/**
 * The pull request, when it is merged after all: a merge whose answer was lost may have its effect after it was
 * read back, and meanwhile the base may have moved so that nothing else could land.
 */
async function lateMerge(
  { board }: Lander,
  { lease, branch, head }: Landing,
  { facts }: State,
): Promise<PullDetails | null> {
  if (!facts.pull) return null;
  const pulls = await board.pullsOf(lease.repo, branch);
  return pulls.find(pull => pull.merged && pull.mergeCommit !== null && pull.headSha === head) ?? null;
}

/** From here on one landing at a time, over all fleets: the base may move only between two rides. */
async function rideTrain(lander: Lander, landing: Landing, state: State): Promise<LandingEnd> {
  const { repo, ref } = state.lease;
  while (lander.proofs.holds(repo, ref)) {
    const end = await lander.train(`${repo}@${landing.baseBranch}`, () => tryRide(lander, landing, state));
    if (end) return end;
    // Outside of this process's own order: the attempt that has the train may be waiting for its turn here.
    await lander.host.pause(BUSY_MS);
  }
  return { kind: 'stopped', reason: UNPROVEN };
}

/** How long to wait for another landing before looking again. */
const BUSY_MS = 3_000;

/** null while another attempt rides. */
async function tryRide(lander: Lander, landing: Landing, state: State): Promise<LandingEnd | null> {
  const { repo } = landing.lease;
  const train = await boardTrain(lander, { lease: state.lease, base: landing.baseBranch });
  if (!train) return null;
  const [base, issue] = await Promise.all([
    lander.repos.fetchBranch(repo, landing.baseBranch),
    landing.issue.number === null ? null : lander.board.issue(repo, landing.issue.number),
  ]);
  // Read after the issue: when the merge of an earlier try has closed that, it is seen here.
  const pulls = await lander.board.pullsOf(repo, landing.branch);
  const pull = pullFor(landing.head, pulls, state.facts.pull);
  const isAsAsked = issue === null || bodyHashOf(issue) === landing.lease.last.bodyHash;
  const failure = isAsAsked ? null : TEXT_CHANGED;
  const issueState = issue?.state ?? 'open';
  const boarded = withFacts(state, { base, issueState, pull, failure, readiness: null });
  const end = await proceed(lander, landing, boarded, { inTrain: true });
  await leaveTrain(lander, train);
  return end;
}

const UNPROVEN = 'the lease was not proven for too long: another fleet may have it';

// What was asked for is no longer what was built: the next attempt gets the new text.
const TEXT_CHANGED: Failure = {
  class: 'cancelled',
  signature: 'cancelled: text changed',
  message: 'the text of the issue changed while it was being worked on',
};

type Performed =
  | { readonly kind: 'done'; readonly state: State }
  | { readonly kind: 'stopped'; readonly reason: string };

async function perform(
  lander: Lander,
  landing: Landing,
  state: State,
  step: Exclude<LandingStep, { kind: 'finish' | 'fail' | 'wait' }>,
): Promise<Performed> {
  switch (step.kind) {
    case 'verify':
      return done(await verify(lander, landing, state));
    case 'publish':
      return publish(lander, landing, state);
    case 'ask':
      return done(await ask(lander, landing, state));
    case 'open-pull':
    case 'merge':
      return performPublicly(lander, landing, state, step);
    default:
      return step satisfies never;
  }
}

/** The texts come first: between the look at the lease and the request no time must pass. */
async function performPublicly(
  lander: Lander,
  landing: Landing,
  state: State,
  step: Extract<LandingStep, { kind: 'open-pull' | 'merge' }>,
): Promise<Performed> {
  const text = landingText(await packetOf(lander, landing, state));
  if (!lander.proofs.holds(state.lease.repo, state.lease.ref)) return { kind: 'stopped', reason: UNPROVEN };
  if (step.kind === 'merge') return done(await merge(lander, landing, state, { ...step, text }));
  const { pullTitle: title, pullBody: body } = text;
  const draft = { head: landing.branch, base: landing.baseBranch, title, body };
  return done(withFacts(state, { pull: await lander.board.openPull(landing.lease.repo, draft) }));
}

async function verify(lander: Lander, landing: Landing, state: State): Promise<State> {
  const { head, base } = state.facts;
  const { repo, last } = landing.lease;
  const isFix = last.kind === 'FIX';
  const result = await verifyMerge(lander, { repo, base, head, session: last.session, isFix });
  if (result.kind === 'verified') {
    const { verified } = result;
    return { ...withFacts(state, { verified }), gates: [...state.gates, ...verified.gates] };
  }
  const gates = [...state.gates, ...result.gates];
  return { ...withFacts(state, { failure: result.failure }), gates, output: result.output };
}

/** Pushes branch and journal in one atomic push: a fleet that lost the lease can't move the branch. */
async function publish(lander: Lander, landing: Landing, state: State): Promise<Performed> {
  const { head, base, branch } = state.facts;
  const checks = expectedChecks(await expectsChecks(lander, landing.lease.repo, head));
  const pushed = await appendToLease(
    lander,
    state.lease,
    [
      {
        op: 'landing',
        facts: { head, base, gates: [...gatesOf(landing, state), checks], usage: landing.usage },
      },
    ],
    {
      branches: [{ kind: 'branch', ref: `refs/heads/${landing.branch}`, expected: branch, target: head }],
      attachments: { [PACKET_FILE]: JSON.stringify(await packetOf(lander, landing, state)) },
    },
  );
  if (pushed.kind !== 'done') return { kind: 'stopped', reason: pushed.reason };
  // An earlier attempt's pull request is there still: it gets this one's text.
  const published = withFacts(state, { branch: head, pull: null });
  return done({ ...published, gates: [...state.gates, checks], lease: pushed.lease });
}

async function merge(
  lander: Lander,
  landing: Landing,
  state: State,
  { pull, verified, text }: Extract<LandingStep, { kind: 'merge' }> & { readonly text: LandingText },
): Promise<State> {
  const { repo } = landing.lease;
  const result = await lander.board.mergePull(repo, pull.number, {
    sha: verified.head,
    method: lander.settings.HARNESS_MERGE,
    title: text.commitTitle(pull.number),
    message: text.commitMessage,
  });
  switch (result.kind) {
    case 'merged':
      return withFacts(state, {
        // The pull request was read before its head was pushed, and merged at exactly this one.
        pull: {
          ...pull,
          headSha: verified.head,
          merged: true,
          state: 'closed',
          mergeCommit: result.commit,
        },
      });
    case 'head-moved':
      return withFacts(state, {
        failure: refusal('somebody pushed to the branch while it was being landed'),
      });
    case 'refused': {
      // A base that moved in between is the usual reason: verify against it and try again.
      const base = await lander.repos.fetchBranch(repo, landing.baseBranch);
      if (base !== verified.base) return withFacts(state, { base });
      return withFacts(state, { failure: refusal(`GitHub refused the merge: ${result.reason}`) });
    }
    default:
      return result satisfies never;
  }
}

/** Reads the base back and compares what was merged with what was verified. */
async function finish(
  lander: Lander,
  landing: Landing,
  state: State,
  { pull, commit }: Extract<LandingStep, { kind: 'finish' }>,
): Promise<LandingEnd> {
  const { repo } = landing.lease;
  const base = await lander.repos.fetchBranch(repo, landing.baseBranch);
  const readBack = await compareTrees(lander, repo, commit, state.facts.verified);
  const gates = [...gatesOf(landing, state), readBack];
  return { kind: 'landed', lease: state.lease, pull, commit, base, gates };
}

const failedWith = (landing: Landing, state: State, failure: Failure): LandingEnd => ({
  kind: 'failed',
  lease: state.lease,
  failure,
  base: state.facts.base,
  gates: gatesOf(landing, state),
  output: state.output,
});

const waitingFor = ({ lease, facts }: State, reason: string): LandingEnd => {
  if (!facts.pull) throw new Error('A landing waits before it has a pull request.');
  return { kind: 'waiting', lease, pull: facts.pull, reason };
};

const done = (state: State): Performed => ({ kind: 'done', state });
