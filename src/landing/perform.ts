import { ask } from './ask.ts';
import { dequeue, enqueue } from './enqueue.ts';
import { fastForward } from './fast-forward.ts';
import { type Lander, type Landing, PUSHED_BY_SOMEBODY, type State, withFacts } from './landing.ts';
import { packetOf } from './packet.ts';
import { part } from './part.ts';
import type { LandingStep, Verified } from './plan.ts';
import { done, type Performed, publish } from './publish.ts';
import { answerRefusal } from './refused.ts';
import { type LandingText, landingText } from './text.ts';
import { verifyMerge } from './verify.ts';

/** Does the next thing on the way of a landing. */
export async function perform(
  lander: Lander,
  landing: Landing,
  state: State,
  step: Exclude<LandingStep, { kind: 'finish' | 'fail' | 'wait' }>,
): Promise<Performed> {
  switch (step.kind) {
    case 'verify':
      return verifyAnew(lander, landing, state);
    case 'publish':
      return publish(lander, landing, state);
    case 'ask':
      return done(await ask(lander, landing, state));
    case 'part':
      return part(lander, landing, state, step);
    case 'open-pull':
    case 'merge':
    case 'enqueue':
    case 'dequeue':
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
  step: Extract<LandingStep, { kind: 'open-pull' | 'merge' | 'enqueue' | 'dequeue' }>,
): Promise<Performed> {
  const text = landingText(await packetOf(lander, landing, state));
  if (!lander.proofs.holds(state.lease.repo, state.lease.ref)) return { kind: 'stopped', reason: UNPROVEN };
  if (step.kind === 'enqueue') return enqueue(lander, landing, state, step);
  if (step.kind === 'dequeue') return dequeue(lander, landing, state, step);
  if (step.kind === 'merge') return merge(lander, landing, state, { ...step, text });
  const { pullTitle: title, pullBody: body } = text;
  const draft = {
    head: landing.branch,
    sha: state.facts.head,
    base: landing.baseBranch,
    title,
    body,
    isFirst: state.isFirst,
  };
  return done(withFacts(state, { pull: await lander.board.openPull(landing.lease.repo, draft) }));
}

/** A new verdict on what is pushed already goes to the journal, where all others look, if a person's word hung on it. */
async function verifyAnew(lander: Lander, landing: Landing, state: State): Promise<Performed> {
  const next = await verify(lander, landing, state);
  const { branch, head, failure, verified } = next.facts;
  const isTold =
    branch !== head || failure !== null || !(needsWord(state.facts.verified) || needsWord(verified));
  if (isTold) return done(next);
  const told = await publish(lander, landing, next);
  return told.kind === 'done' ? done(withFacts(told.state, { pull: next.facts.pull })) : told;
}

const needsWord = (verified: Verified | null) =>
  verified?.gates.some(({ verdict }) => verdict === 'unknown') ?? false;

async function verify(lander: Lander, landing: Landing, state: State): Promise<State> {
  const { head, base } = state.facts;
  const { repo, last } = landing.lease;
  const isFix = last.kind === 'FIX';
  const earlier = state.facts.verified;
  const result = await verifyMerge(lander, { repo, base, head, session: last.session, isFix, earlier });
  if (result.kind === 'verified') {
    const { verified } = result;
    return { ...withFacts(state, { verified }), gates: [...state.gates, ...verified.gates] };
  }
  const gates = [...state.gates, ...result.gates];
  return { ...withFacts(state, { failure: result.failure }), gates, output: result.output };
}

async function merge(
  lander: Lander,
  landing: Landing,
  state: State,
  order: Extract<LandingStep, { kind: 'merge' }> & { readonly text: LandingText },
): Promise<Performed> {
  const { pull, verified, text } = order;
  const { repo } = landing.lease;
  const { HARNESS_MERGE: method } = lander.settings;
  if (method === 'ff') return fastForward(lander, landing, state, order);
  const result = await lander.board.mergePull(repo, pull.number, {
    sha: verified.head,
    method,
    title: text.commitTitle(pull.number),
    message: text.commitMessage,
  });
  switch (result.kind) {
    case 'merged': {
      const { commit: mergeCommit } = result;
      // The pull request was read before its head was pushed, and merged at exactly this one.
      const merged = { headSha: verified.head, merged: true, state: 'closed', mergeCommit } as const;
      return done(withFacts(state, { pull: { ...pull, ...merged } }));
    }
    case 'head-moved':
      return done(withFacts(state, { failure: PUSHED_BY_SOMEBODY }));
    case 'refused':
      return answerRefusal(lander, landing, state, { verified, reason: result.reason });
    default:
      return result satisfies never;
  }
}

/** Why nothing more is done under a lease that may be another fleet's by now. */
export const UNPROVEN = 'the lease was not proven for too long: another fleet may have it';
