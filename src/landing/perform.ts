import type { JournalEntry } from '../core/contracts.ts';
import { PACKET_FILE } from '../core/journal.ts';
import { appendToLease } from '../leases/lease.ts';
import type { Oid, RefUpdate } from '../ports.ts';
import { ask } from './ask.ts';
import { expectsChecks } from './expected-checks.ts';
import { gatesOf, type Lander, type Landing, refusal, type State, withFacts } from './landing.ts';
import { packetOf } from './packet.ts';
import type { LandingStep, Verified } from './plan.ts';
import { expectedChecks } from './readiness.ts';
import { type LandingText, landingText } from './text.ts';
import { verifyMerge } from './verify.ts';

/** What became of a step; `stopped`: the lease is not ours any more, or it is not known. */
export type Performed =
  | { readonly kind: 'done'; readonly state: State }
  | { readonly kind: 'stopped'; readonly reason: string };

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

/**
 * Pushes branch and journal in one atomic push: a fleet that lost the lease can't move the branch. With `also` more
 * than that is taken, or nothing moves.
 */
export async function publish(
  lander: Lander,
  landing: Landing,
  state: State,
  also: readonly RefUpdate[] = [],
): Promise<Published> {
  const { head, base, branch } = state.facts;
  const checks = expectedChecks(await expectsChecks(lander, landing.lease.repo, head));
  const ref = `refs/heads/${landing.branch}`;
  const move = { kind: 'branch', ref, expected: branch, target: head } as const;
  const pushed = await appendToLease(
    lander,
    state.lease,
    [
      {
        op: 'landing',
        facts: {
          head,
          base,
          gates: [...gatesOf(landing, state), checks],
          usage: landing.usage,
          ...(await reviewFactsOf(lander, landing, state)),
        },
      },
    ],
    {
      updates: [...(branch === head ? [] : [move]), ...also],
      attachments: { [PACKET_FILE]: JSON.stringify(await packetOf(lander, landing, state)) },
    },
  );
  if (pushed.kind !== 'done') return { kind: 'stopped', reason: pushed.reason };
  // An earlier attempt's pull request is there still: it gets this one's text.
  const published = withFacts(state, { branch: head, pull: null, readiness: null });
  const { lease, tips } = pushed;
  return { kind: 'done', state: { ...published, gates: [...state.gates, checks], lease }, tips };
}

/** What whoever reviews the change, on whatever host, has to know of it. */
async function reviewFactsOf(
  { repos, settings }: Lander,
  { lease, outcome, issue }: Landing,
  { facts: { base, head } }: State,
): Promise<Pick<JournalEntry, 'patchId' | 'answers'>> {
  if (issue.number === null || !READ_BY_AGENTS.has(settings.HARNESS_REVIEW)) return {};
  const answers = outcome?.answers ? { answers: outcome.answers } : {};
  return { patchId: await repos.patchId(lease.repo, { base, head }), ...answers };
}

const READ_BY_AGENTS: ReadonlySet<string> = new Set(['agent', 'both']);

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

/** What became of pushing the branch, and where each ref of the push points now. */
type Published =
  | (Extract<Performed, { kind: 'done' }> & { readonly tips: Readonly<Record<string, Oid>> })
  | Extract<Performed, { kind: 'stopped' }>;

/** Why nothing more is done under a lease that may be another fleet's by now. */
export const UNPROVEN = 'the lease was not proven for too long: another fleet may have it';

const done = (state: State): Performed => ({ kind: 'done', state });
