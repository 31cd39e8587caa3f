import type { Failure, GateVerdict, JournalEntry } from '../core/contracts.ts';
import type { StageKind } from '../core/world.ts';
import { fail, outcomeGate, pass } from '../landing/gates.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { appendToLease, type Lease } from '../leases/lease.ts';
import { acceptedProposal, endsWithProposal, judgeProposal } from '../pipeline/accept.ts';
import { makeReal } from '../pipeline/make-real.ts';
import type { Journal, Session } from '../ports.ts';
import { isPutDown, PUT_DOWN } from './checkpoint.ts';
import { classifyEnd } from './classify.ts';
import type { Engine } from './engine.ts';
import type { Seen } from './observe.ts';
import { askSecretsIn } from './secrets.ts';
import { clearAway, endAttempt } from './settle.ts';
import { mirror, say } from './tell.ts';
import { usageOf } from './usage.ts';

/** An attempt of ours at a stage that ends with a proposal, which has no receipt yet. */
export interface OpenStage {
  readonly seen: Seen;
  readonly kind: string;
  /** The PRD; null for a stage of the unit. */
  readonly issue: number | null;
  readonly lease: Lease;
  readonly journal: Journal;
  readonly baseBranch: string;
  readonly session: Session | null;
  /** The entry that accepted its proposal; null before that. */
  readonly landing: JournalEntry | null;
}

/** Whether sessions of this kind end with a proposal. */
export const isStage = (kind: string): kind is StageKind => endsWithProposal(kind as StageKind);

/**
 * Takes a proposal to its end: judged, kept in the journal, made real, told of. What the journal has kept is made
 * real by whoever goes on, on whatever host.
 */
export async function concludeStage(engine: Engine, stage: OpenStage): Promise<void> {
  const accepted = stage.landing ? await resume(engine, stage, stage.landing) : await accept(engine, stage);
  if (!accepted) return;
  const { lease, entry, proposal, gates } = accepted;
  if (proposal.kind === 'plan') throw new Error('A plan is landed, not filed.');
  const told = await makeReal(engine, { lease, proposal, entry, issue: stage.issue, plan: 'first' });
  await settle(engine, { ...stage, lease }, { failure: null, gates, output: null, told });
}

/** Ends an attempt that left no proposal; there is nothing to keep of it. */
export async function abandonStage(engine: Engine, stage: OpenStage): Promise<void> {
  const { session } = stage;
  if (session) await engine.sessions.end(session.plan.name, 'cancelled');
  const failure = isPutDown(session) ? PUT_DOWN : classifyEnd(session);
  await settle(engine, stage, { failure, gates: [], output: null, told: null });
}

interface Accepted {
  readonly lease: Lease;
  readonly entry: JournalEntry;
  readonly proposal: ReturnType<typeof acceptedProposal>;
  readonly gates: readonly GateVerdict[];
}

// Longer than GitHub's lists were seen to lag behind a write: what a dead process created must be found.
const LIST_LAG_MS = 5_000;

async function resume(engine: Engine, stage: OpenStage, entry: JournalEntry): Promise<Accepted> {
  const { repo } = stage.lease;
  const text = await engine.refs.attachment(repo, stage.journal, PROPOSAL_NAME);
  const proposal = acceptedProposal(entry.kind as StageKind, text);
  await engine.host.pause(LIST_LAG_MS);
  return { lease: stage.lease, entry, proposal, gates: entry.gates };
}

const PROPOSAL_NAME = 'proposal.json';

/** Judges what the session left. null when that was the attempt's end. */
async function accept(engine: Engine, stage: OpenStage): Promise<Accepted | null> {
  const { session, lease } = stage;
  if (!session) {
    await abandonStage(engine, stage);
    return null;
  }
  const said = outcomeGate(session.outcome);
  if (said.failure || session.outcome.kind !== 'valid')
    return refuse(engine, stage, said.failure, [said.verdict]);
  const change = await whatChanged(engine, stage, session);
  if (change) return refuse(engine, stage, change, [said.verdict]);

  const { outcome } = session.outcome;
  const issue = stage.issue === null ? null : await engine.board.issue(lease.repo, stage.issue);
  const judged = await judgeProposal(engine.board, stage.seen.world, {
    stage: session.plan.kind,
    repo: lease.repo,
    value: outcome.proposal,
    issue,
  });
  if (judged.kind === 'refused') {
    const { failure, verdict } = refusalOf(judged.problems);
    return refuse(
      engine,
      stage,
      failure,
      [said.verdict, verdict],
      judged.problems.map(line => `- ${line}`).join('\n'),
    );
  }
  const { proposal } = judged;
  const secrets = await askSecretsIn(engine, proposal);
  const gates = [said.verdict, pass('proposal', 'it can be made real as it is').verdict, secrets.verdict];
  if (secrets.failure) return refuse(engine, stage, secrets.failure, gates);
  const kept = await appendToLease(
    engine,
    lease,
    [{ op: 'landing', facts: { base: session.plan.base, head: session.plan.base, gates } }],
    { attachments: { [PROPOSAL_NAME]: JSON.stringify(proposal) } },
  );
  if (kept.kind === 'done') return { lease: kept.lease, entry: kept.lease.last, proposal, gates };
  engine.log.warn(`stopped at ${stage.kind}: ${kept.reason}`, { repo: lease.repo });
  return null;
}

/** Why a proposal no longer answers what was asked: the PRD was closed, or its text changed. */
async function whatChanged(
  engine: Engine,
  { issue: number, lease }: OpenStage,
  { plan }: Session,
): Promise<Failure | null> {
  if (number === null) return null;
  const issue = await engine.board.issue(lease.repo, number);
  if (issue.state === 'closed') return cancelled('the issue was closed meanwhile');
  return bodyHashOf(issue) === plan.bodyHash
    ? null
    : cancelled('the text of the issue changed while it was being worked on');
}

const cancelled = (message: string): Failure => ({
  class: 'cancelled',
  signature: `cancelled: ${message}`,
  message,
});

function refusalOf(problems: readonly string[]) {
  const [first = 'it says nothing'] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return fail('proposal', 'proposal', `${first}${more}`);
}

async function refuse(
  engine: Engine,
  stage: OpenStage,
  failure: Failure | null,
  gates: readonly GateVerdict[],
  output: string | null = null,
): Promise<null> {
  await settle(engine, stage, { failure, gates, output, told: null });
  return null;
}

interface StageEnd {
  readonly failure: Failure | null;
  readonly gates: readonly GateVerdict[];
  readonly output: string | null;
  /** What came of it, for people; null when it failed. */
  readonly told: string | null;
}

/** What people see, then receipt and release, then what this host keeps. */
async function settle(
  engine: Engine,
  { issue, lease, session }: OpenStage,
  { failure, gates, output, told }: StageEnd,
): Promise<void> {
  const { attempt } = lease.last;
  if (issue !== null) {
    await mirror(engine, lease, issue, { working: false });
    if (told !== null) await say(engine, lease, issue, { kind: 'concluded', attempt, text: told });
    if (failure) await say(engine, lease, issue, { kind: 'failed', attempt, failure, output, handoff: null });
  }
  const usage = session ? usageOf(session, engine.settings) : null;
  const base = session?.plan.base ?? lease.last.base;
  const end = { failure, landed: null, base, head: null, gates, output, usage };
  const pushed = await endAttempt(engine, lease, end, { branch: null, checkpoint: null });
  if (pushed.kind === 'unknown') return;
  if (session) await clearAway(engine, session.plan, { isSafe: true });
}
