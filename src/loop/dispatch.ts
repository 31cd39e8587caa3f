import path from 'node:path';
import { chooseAgent, profileName, sizeOf } from '../core/agent-choice.ts';
import type { Failure, FailureClass } from '../core/contracts.ts';
import { decide } from '../core/decide.ts';
import type { Action } from '../core/decision.ts';
import { foldJournal, type JournalState, nextEntry } from '../core/journal.ts';
import type { Issue, StageKind } from '../core/world.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { issueRef, type Lease, type LeasePush, takeLease } from '../leases/lease.ts';
import type { Journal, Oid, SessionPlan } from '../ports.ts';
import { type Beginning, findBeginning } from './beginning.ts';
import { handoffName } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { journalOf, type Seen } from './observe.ts';
import { implPrompt } from './prompt.ts';
import { clearAway, endAttempt } from './settle.ts';
import { mirrorOn, say } from './tell.ts';

/** A dispatch that this process has announced on the host; `start` does the rest. */
export interface Reserved {
  readonly plan: SessionPlan;
  readonly start: () => Promise<void>;
}

/** The issue's branch: the same for every attempt, so that pushing twice collides instead of duplicating. */
export const branchOf = (issue: number) => `issue/${issue}`;

/**
 * Announces a session on this host before its lease is taken: from here on the slot is used, and a crash
 * leaves a trace. null when a session of this name is already there.
 */
export async function reserve(
  engine: Engine,
  seen: Seen,
  action: Action & { readonly kind: StageKind; readonly issue: number },
  base: Oid,
): Promise<Reserved | null> {
  const { repo } = action;
  const issue = issueIn(seen, repo, action.issue);
  if (!issue) return null;
  const journal = journalOf(seen, repo, action.issue);
  const state = foldJournal(journal?.entries ?? []);
  const unit = seen.world.unit ?? 'main';
  const name = `${engine.prefix}-${unit}-i${action.issue}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const attempt = state.attempts + 1;
  const branch = branchOf(action.issue);
  const beginning = await findBeginning(engine.repos, {
    repo,
    issue: action.issue,
    branch,
    journal,
    base,
  });
  const nonce = engine.clock.nonce();
  const plan: SessionPlan = {
    name,
    kind: action.kind,
    unit,
    repo,
    issue: action.issue,
    attempt,
    epoch: state.epoch + 1,
    nonce,
    branch,
    base,
    start: beginning.start,
    // The nonce makes the path this attempt's alone: whatever else is there is never in the way, nor removed.
    worktree: path.join(engine.worktreesDir, `${name}-a${attempt}-${nonce.slice(0, 8)}`),
    bodyHash: bodyHashOf(issue),
    size: sizeOf(labelsOf(seen, action)),
  };
  if (!(await engine.sessions.reserve(plan))) return null;
  return { plan, start: () => start(engine, seen, { plan, journal, state, beginning }) };
}

interface Start {
  readonly plan: SessionPlan;
  readonly journal: Journal | null;
  readonly state: JournalState;
  readonly beginning: Beginning;
}

/** Lease, second look, labels, worktree, prompt, agent: in this order, each safe to lose the process after. */
async function start(engine: Engine, seen: Seen, begun: Start): Promise<void> {
  const { plan } = begun;
  const lease = await claim(engine, begun);
  if (!lease) return;
  try {
    const issue = await engine.board.issue(plan.repo, plan.issue as number);
    const change = whyNoLonger(seen, plan, issue);
    if (change) return await giveUp(engine, lease, plan, { class: 'cancelled', message: change });
    const { obstacle } = begun.beginning;
    if (obstacle) return await giveUp(engine, lease, plan, { class: 'refused', message: obstacle });
    await mirrorOn(engine, lease, issue, { working: true });
    await prepareWorktree(engine, plan);
    const prompt = await promptFor(engine, begun, issue);
    if (!engine.proofs.holds(lease.repo, lease.ref)) throw new Error('its lease was not proven for too long');
    await engine.sessions.launch(plan.name, { prompt, title: issue.title });
    engine.log.info(`started ${plan.kind} #${plan.issue}, attempt ${plan.attempt}`, { session: plan.name });
    const { fleet } = engine.host.identity;
    await say(engine, lease, issue.number, { kind: 'working', attempt: plan.attempt, fleet });
  } catch (error) {
    await giveUp(engine, lease, plan, { class: classOf(error), message: messageOf(error) });
  }
}

/** Takes the lease; without it the announcement is taken back, or the name would stay in use for ever. */
async function claim(engine: Engine, begun: Start): Promise<Lease | null> {
  const { plan } = begun;
  const taken = await pushClaim(engine, begun).catch((error: unknown) => ({
    kind: 'lost' as const,
    reason: messageOf(error),
  }));
  if (taken.kind === 'done') return taken.lease;
  engine.log.info(`did not get the lease of #${plan.issue}: ${taken.reason}`, { repo: plan.repo });
  await engine.sessions.discard(plan.name);
  return null;
}

function pushClaim(engine: Engine, { plan, journal, state }: Start): Promise<LeasePush> {
  const { fleet, host, boot, worker } = engine.host.identity;
  const entry = nextEntry(state, 'claim', {
    nonce: engine.clock.nonce(),
    at: new Date(engine.clock.now()).toISOString(),
    fleet,
    host,
    boot,
    worker,
    attempt: plan.attempt,
    session: plan.nonce,
    kind: plan.kind,
    profile: profileName(chooseAgent(engine.settings, plan.kind, plan.size ?? null)),
    policyDigest: engine.policyDigest,
    bodyHash: plan.bodyHash,
    base: plan.base,
    head: null,
    gates: [],
    usage: null,
  });
  const ref = issueRef(plan.issue as number);
  return takeLease(engine, { repo: plan.repo, ref, expected: journal?.tip ?? null, entry });
}

/** Decides again with the issue as it is now, past every cache; null when it is still to be done. */
function whyNoLonger(seen: Seen, plan: SessionPlan, issue: Issue): string | null {
  if (bodyHashOf(issue) !== plan.bodyHash) return 'its text changed just before it was taken';
  const repoState = seen.world.repos[plan.repo];
  if (!repoState) return 'its repository is no longer part of this fleet';
  const issues = repoState.issues.map(known =>
    known.number === issue.number ? { ...known, ...issue } : known,
  );
  const world = { ...seen.world, repos: { ...seen.world.repos, [plan.repo]: { ...repoState, issues } } };
  const decision = decide(world);
  const still = decision.actions.some(({ kind, issue: n }) => kind === plan.kind && n === plan.issue);
  if (still) return null;
  const hold = decision.holds.find(({ issue: n }) => n === plan.issue);
  return hold ? `held after a second look: ${hold.reason}` : 'it is closed, or no longer ready';
}

async function prepareWorktree(engine: Engine, plan: SessionPlan): Promise<void> {
  const { repo, worktree, branch } = plan;
  const { settings } = engine;
  await engine.repos.createWorktree({
    repo,
    path: worktree,
    branch,
    start: plan.start,
    identity: engine.identity,
  });
  for (const command of [settings.HARNESS_SETUP, settings.HARNESS_WORKTREE_HOOK]) {
    if (!command) continue;
    const timeoutMs = settings.HARNESS_VERIFY_TIMEOUT * 1000;
    const result = await engine.commands.run({ command, cwd: worktree, timeoutMs, tag: plan.nonce });
    if (result.exit === 0) continue;
    throw new Error(
      `\`${command}\` failed in the new worktree (${result.exit ?? 'ended by a signal'}): ${result.tail.slice(-500)}`,
    );
  }
}

async function promptFor(
  engine: Engine,
  { plan, journal, state, beginning }: Start,
  issue: Issue,
): Promise<string> {
  const attached = async (name: string) =>
    journal && (await engine.refs.attachment(plan.repo, journal, name));
  const lastOutput = await attached('verify.log');
  const { attempt } = beginning;
  return implPrompt(engine.prompts.impl ?? '', {
    plan,
    issue,
    receipts: state.receipts,
    lastOutput,
    continues: beginning.continues,
    handoff: attempt === null ? null : await attached(handoffName(attempt)),
    verifyCommand: engine.settings.HARNESS_VERIFY,
  });
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
  engine.log.warn(`gave up ${plan.kind} #${plan.issue} before its agent started: ${why.message}`, {
    repo: plan.repo,
  });
  const failure = { ...why, signature: `${why.class}: ${why.message}`.slice(0, 200) };
  const end = { failure, landed: null, base: plan.base, head: null, gates: [], output: null, usage: null };
  try {
    // It may run although its start failed, and nobody else may start while it does.
    await engine.sessions.end(plan.name, 'cancelled');
    if (why.class === 'refused') await sayFailed(engine, lease, plan, failure);
    await endAttempt(engine, lease, end, { branch: null, checkpoint: null });
  } finally {
    // Whatever became of the push: a lease without a session is given back by a tick, one with it is not.
    await clearAway(engine, plan, { isSafe: true });
  }
}

/** Only a person can lift what stood in the way, so they are told. */
function sayFailed(engine: Engine, lease: Lease, plan: SessionPlan, failure: Failure): Promise<void> {
  return say(engine, lease, plan.issue as number, {
    kind: 'failed',
    attempt: plan.attempt,
    failure,
    output: null,
    handoff: null,
  });
}

function labelsOf(seen: Seen, { repo, issue }: Action): readonly string[] {
  return issue === null ? [] : (issueIn(seen, repo, issue)?.labels ?? []);
}

/** The issue in what was seen. */
export function issueIn(seen: Seen, repo: string, number: number): Issue | null {
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  return snapshot?.issues.find(issue => issue.number === number) ?? null;
}
