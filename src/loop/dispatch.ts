import path from 'node:path';
import { chooseAgent, profileName, sizeOf } from '../core/agent-choice.ts';
import type { Failure, FailureClass } from '../core/contracts.ts';
import type { Action } from '../core/decision.ts';
import { foldJournal, type JournalState } from '../core/journal.ts';
import type { Issue, StageKind } from '../core/world.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { bodyHashOf } from '../leases/digest.ts';
import type { Lease } from '../leases/lease.ts';
import { endsWithProposal } from '../pipeline/accept.ts';
import { PLAN_FILE } from '../pipeline/plan-files.ts';
import type { Journal, Oid, SessionPlan } from '../ports.ts';
import { type Beginning, findBeginning } from './beginning.ts';
import { handoffName } from './checkpoint.ts';
import { type ClaimedWork, pushClaim } from './claim.ts';
import type { Engine } from './engine.ts';
import { issueLines } from './issue-lines.ts';
import { journalOf, type Seen } from './observe.ts';
import { prepareWorktree } from './prepare-worktree.ts';
import { promptOf } from './prompt.ts';
import { whyNoLonger } from './second-look.ts';
import { clearAway, endAttempt } from './settle.ts';
import { mirrorOn, say } from './tell.ts';

/** A dispatch that this process has announced on the host; `start` does the rest. */
export interface Reserved {
  readonly plan: SessionPlan;
  readonly start: () => Promise<void>;
}

/** The issue's branch: the same for every attempt, so that pushing twice collides instead of duplicating. */
export const branchOf = (issue: number) => `issue/${issue}`;

/** The branch of a session's worktree; that of a stage that ends with a proposal is never pushed. */
const worktreeBranchOf = (kind: StageKind, issue: number | null) =>
  issue === null || endsWithProposal(kind) ? `stage/${kind.toLowerCase()}` : branchOf(issue);

/**
 * Announces a session on this host before its lease is taken: from here on the slot is used, and a crash
 * leaves a trace. null when a session of this name is already there, or there is nothing to work on.
 */
export async function reserve(
  engine: Engine,
  seen: Seen,
  action: Action & { readonly kind: StageKind },
  base: Oid,
): Promise<Reserved | null> {
  const { repo, kind, issue } = action;
  const subject = await subjectOf(engine, seen, action, base);
  if (!subject) return null;
  const journal = journalOf(seen, repo, issue);
  const state = foldJournal(journal?.entries ?? []);
  const unit = seen.world.unit ?? 'main';
  const suffix = issue === null ? 'stage' : `i${issue}`;
  const name = `${engine.prefix}-${unit}-${suffix}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const attempt = state.attempts + 1;
  const branch = worktreeBranchOf(kind, issue);
  const beginning =
    issue === null || endsWithProposal(kind)
      ? { start: base, continues: false, obstacle: null, attempt: null }
      : await findBeginning(engine.repos, { repo, issue, branch, journal, base });
  const nonce = engine.clock.nonce();
  const plan: SessionPlan = {
    name,
    kind,
    unit,
    repo,
    issue,
    attempt,
    epoch: state.epoch + 1,
    nonce,
    branch,
    base,
    start: beginning.start,
    // The nonce makes the path this attempt's alone: whatever else is there is never in the way, nor removed.
    worktree: path.join(engine.worktreesDir, `${name}-a${attempt}-${nonce.slice(0, 8)}`),
    bodyHash: bodyHashOf(subject),
    size: sizeOf(labelsOf(seen, action)),
  };
  if (!(await engine.sessions.reserve(plan))) return null;
  return { plan, start: () => start(engine, seen, { plan, subject, journal, state, beginning }) };
}

/** What a session is about: its issue, the specification, or the plan. null when it is not there. */
export async function subjectOf(
  { repos, settings }: Engine,
  seen: Seen,
  { kind, repo, issue }: Action,
  base: Oid,
): Promise<Subject | null> {
  if (issue !== null) return issueIn(seen, repo, issue);
  const plan = await repos.readFile(repo, base, PLAN_FILE);
  if (kind !== 'PLAN') return plan === null ? null : { title: PLAN_FILE, body: plan };
  const file = settings.HARNESS_SPEC;
  // The look that this was decided on may be older than a plan that has just landed.
  const body = file === '' || plan !== null ? null : await repos.readFile(repo, base, file);
  return body === null ? null : { title: file, body };
}

type Subject = Pick<Issue, 'title' | 'body'>;

interface Start {
  readonly plan: SessionPlan;
  readonly subject: Subject;
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
    const issue = plan.issue === null ? null : await engine.board.issue(plan.repo, plan.issue);
    const change = await whyNoLonger(engine, seen, plan, issue);
    if (change) return await giveUp(engine, lease, plan, { class: 'cancelled', message: change });
    const { obstacle } = begun.beginning;
    if (obstacle) return await giveUp(engine, lease, plan, { class: 'refused', message: obstacle });
    if (issue) await mirrorOn(engine, lease, issue, { working: true });
    await prepareWorktree(engine, plan);
    const prompt = await promptFor(engine, seen, begun, issue ?? begun.subject);
    if (!engine.proofs.holds(lease.repo, lease.ref)) throw new Error('its lease was not proven for too long');
    await engine.sessions.launch(plan.name, { prompt, title: (issue ?? begun.subject).title });
    engine.log.info(`started ${nameOf(plan)}, attempt ${plan.attempt}`, { session: plan.name });
    const { fleet } = engine.host.identity;
    if (issue) await say(engine, lease, issue.number, { kind: 'working', attempt: plan.attempt, fleet });
  } catch (error) {
    await giveUp(engine, lease, plan, { class: classOf(error), message: messageOf(error) });
  }
}

/** A session's work, for people. */
const nameOf = ({ kind, issue, repo }: SessionPlan) => `${kind} ${issue === null ? repo : `#${issue}`}`;

/** Takes the lease; without it the announcement is taken back, or the name would stay in use for ever. */
async function claim(engine: Engine, begun: Start): Promise<Lease | null> {
  const { plan } = begun;
  const { journal, state } = begun;
  const work = claimedBy(engine, plan);
  const taken = await pushClaim(engine, { work, journal, state }).catch((error: unknown) => ({
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

async function promptFor(
  engine: Engine,
  seen: Seen,
  { plan, journal, state, beginning }: Start,
  subject: Subject,
): Promise<string> {
  const attached = async (name: string) =>
    journal && (await engine.refs.attachment(plan.repo, journal, name));
  const lastOutput = await attached('verify.log');
  const { attempt } = beginning;
  return promptOf(engine.prompts, {
    plan,
    subject,
    issues: issueLines(seen.world, plan.repo),
    answers: state.answers,
    receipts: state.receipts,
    lastOutput,
    continues: beginning.continues,
    handoff: attempt === null ? null : await attached(handoffName(attempt)),
    settings: engine.settings,
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
  engine.log.warn(`gave up ${nameOf(plan)} before its agent started: ${why.message}`, {
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
async function sayFailed(engine: Engine, lease: Lease, plan: SessionPlan, failure: Failure): Promise<void> {
  if (plan.issue === null) return;
  const { attempt } = plan;
  await say(engine, lease, plan.issue, { kind: 'failed', attempt, failure, output: null, handoff: null });
}

function labelsOf(seen: Seen, { repo, issue }: Action): readonly string[] {
  return issue === null ? [] : (issueIn(seen, repo, issue)?.labels ?? []);
}

/** The issue in what was seen. */
export function issueIn(seen: Seen, repo: string, number: number): Issue | null {
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  return snapshot?.issues.find(issue => issue.number === number) ?? null;
}
