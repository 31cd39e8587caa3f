import { chooseAgent, profileName } from '../core/agent-choice.ts';
import type { Failure, FailureClass } from '../core/contracts.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Lease } from '../leases/lease.ts';
import type { Oid, SessionPlan } from '../ports.ts';
import { type ClaimedWork, pushClaim } from './claim.ts';
import type { Engine } from './engine.ts';
import { earlierConversation, goingOn } from './go-on.ts';
import type { Seen } from './observe.ts';
import { type PreparedSession, prepareSession, promptFacts, type SessionWork } from './prepare-session.ts';
import { prepareWorktree } from './prepare-worktree.ts';
import { promptOf } from './prompt.ts';
import { whyNoLonger } from './second-look.ts';
import { endAttempt, saveAndClearAway } from './settle.ts';
import { mirrorOn, say } from './tell.ts';

/** A dispatch that this process has announced on the host; `start` does the rest. */
export interface Reserved {
  readonly plan: SessionPlan;
  readonly start: () => Promise<void>;
}

/**
 * Announces a session on this host before its lease is taken: from here on the slot is used, and a crash
 * leaves a trace. null when a session of this name is already there, or there is nothing to work on.
 */
export async function reserve(
  engine: Engine,
  seen: Seen,
  work: SessionWork,
  base: Oid,
): Promise<Reserved | null> {
  const prepared = await prepareSession(engine, seen, work, base);
  if (!prepared || !(await engine.sessions.reserve(prepared.plan))) return null;
  return { plan: prepared.plan, start: () => start(engine, seen, prepared) };
}

/** Lease, second look, labels, worktree, prompt, agent: in this order, each safe to lose the process after. */
async function start(engine: Engine, seen: Seen, begun: PreparedSession): Promise<void> {
  const { plan } = begun;
  const lease = await claim(engine, seen, begun);
  if (!lease) return;
  try {
    const issue = plan.issue === null ? null : await engine.board.issue(plan.repo, plan.issue);
    const change = await whyNoLonger(engine, seen, plan, issue);
    if (change) return await giveUp(engine, lease, plan, { class: 'cancelled', message: change });
    const { obstacle } = begun.beginning;
    if (obstacle) return await giveUp(engine, lease, plan, { class: 'refused', message: obstacle });
    if (issue) await mirrorOn(engine, lease, issue, { working: true });
    await prepareWorktree(engine, plan);
    const subject = issue && plan.kind !== 'JUDGE' ? issue : begun.subject;
    const facts = await promptFacts(engine, seen, begun, subject);
    const prompt = promptOf(engine.prompts, facts);
    if (!engine.proofs.holds(lease.repo, lease.ref)) throw new Error('its lease was not proven for too long');
    const resume = await earlierConversation(engine, begun);
    const text = resume === null ? prompt : goingOn(prompt);
    await engine.sessions.launch(plan.name, { prompt: text, title: subject.title, resume });
    engine.log.info(`started ${nameOf(plan)}, attempt ${plan.attempt}`, { session: plan.name });
    const { fleet } = engine.host.identity;
    const comments = facts.comments.length;
    if (issue)
      await say(engine, lease, issue.number, { kind: 'working', attempt: plan.attempt, fleet, comments });
  } catch (error) {
    await giveUp(engine, lease, plan, { class: classOf(error), message: messageOf(error) });
  }
}

/** A session's work, for people. */
const nameOf = ({ kind, issue, repo }: SessionPlan) => `${kind} ${issue === null ? repo : `#${issue}`}`;

/** Takes the lease; without it the announcement is taken back, or the name would stay in use for ever. */
async function claim(engine: Engine, { readAt }: Seen, begun: PreparedSession): Promise<Lease | null> {
  const { plan } = begun;
  const { journal, state } = begun;
  const work = claimedBy(engine, plan);
  const taken = await pushClaim(engine, { work, journal, state, readAt }).catch((error: unknown) => ({
    kind: 'lost' as const,
    reason: messageOf(error),
  }));
  if (taken.kind === 'done') return taken.lease;
  engine.log.info(`did not get the lease of ${nameOf(plan)}: ${taken.reason}`, { repo: plan.repo });
  await engine.sessions.discard(plan.name);
  return null;
}

/** What the journal says of a session's plan. */
function claimedBy({ settings }: Engine, plan: SessionPlan): ClaimedWork {
  const { repo, unit, issue, kind, attempt, nonce, bodyHash, base } = plan;
  const profile = profileName(chooseAgent(settings, kind, plan.size ?? null));
  return { repo, unit, issue, kind, attempt, nonce, bodyHash, base, profile };
}

/** Why nothing came of a dispatch: GitHub out of reach is nobody's failure. */
function classOf(error: unknown): FailureClass {
  const code = error instanceof HarnessError ? error.code : null;
  return code === 'github-unreachable' || code === 'github-limited' ? 'interrupted' : 'engine';
}

async function giveUp(
  engine: Engine,
  lease: Lease,
  plan: SessionPlan,
  why: Pick<Failure, 'class' | 'message'>,
): Promise<void> {
  engine.log.warn(`gave up ${nameOf(plan)} before its agent started: ${why.message}`, {
    repo: plan.repo,
  });
  const failure = { ...why, signature: `${why.class}: ${why.message}`.slice(0, 200) };
  const nothing = { landed: null, head: null, gates: [], output: null, usage: null, log: null };
  const end = { ...nothing, failure, base: plan.base };
  try {
    // It may run although its start failed, and nobody else may start while it does.
    await engine.sessions.end(plan.name, 'cancelled');
    if (why.class === 'refused') await sayFailed(engine, lease, plan, failure);
    await endAttempt(engine, lease, end, { branch: null, checkpoint: null });
  } finally {
    // Whatever became of the push: a lease without a session is given back by a tick, one with it is not.
    await saveAndClearAway(engine, plan);
  }
}

/** Only a person can lift what stood in the way, so they are told. */
async function sayFailed(engine: Engine, lease: Lease, plan: SessionPlan, failure: Failure): Promise<void> {
  if (plan.issue === null) return;
  const { attempt } = plan;
  await say(engine, lease, plan.issue, { kind: 'failed', attempt, failure, output: null, handoff: null });
}
