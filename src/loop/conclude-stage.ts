import type { Failure, GateVerdict } from '../core/contracts.ts';
import { TO_BE_JUDGED } from '../core/gauntlet.ts';
import { agreeTo, type HeldProposal, heldProposal } from '../core/held-proposal.ts';
import { foldJournal } from '../core/journal.ts';
import { planLineIn } from '../core/plan-line.ts';
import { describeProposal } from '../core/proposals/describe.ts';
import type { Proposal } from '../core/proposals/proposal.ts';
import { replanned } from '../core/replan.ts';
import { MOST_REFUSALS, NEEDS_INFORMATION, refusalsIn, retried } from '../core/rules/attempts.ts';
import { neutraliseLine } from '../core/text.ts';
import { unitsOf } from '../core/units.ts';
import type { StageKind } from '../core/world.ts';
import { sha256 } from '../leases/digest.ts';
import { endsWithProposal } from '../pipeline/accept.ts';
import { type JudgedContest, roundOf } from '../pipeline/gauntlet.ts';
import { makeReal } from '../pipeline/make-real.ts';
import { archivedPlan, MARKER_FILE, newPlan, PLAN_FILE } from '../pipeline/plan-files.ts';
import type { Journal, Oid } from '../ports.ts';
import { acceptProposal, cancelled, keptProposal, resumeProposal, whatChanged } from './accept-proposal.ts';
import { isPutDown, PUT_DOWN } from './checkpoint.ts';
import { classifyEnd } from './classify.ts';
import { contestIn } from './contest.ts';
import { discoveriesIn } from './discoveries.ts';
import type { Engine } from './engine.ts';
import { type FlightEnd, WAITS } from './flights.ts';
import { landPapers, type Papers, papersBranch } from './land-papers.ts';
import { retryWork } from './retry.ts';
import { logNameOf, transcriptOf } from './session-log.ts';
import { clearAway, endAttempt } from './settle.ts';
import type { Accepted, OpenStage } from './stage.ts';
import { mirror, say } from './tell.ts';
import { usageOf } from './usage.ts';

/** Whether sessions of this kind end with a proposal. */
export const isStage = (kind: string): kind is StageKind => endsWithProposal(kind as StageKind);

/**
 * Takes a stage to its end: its proposal judged, kept in the journal, made real, told of. What the journal has kept
 * is made real by whoever goes on, on whatever host.
 */
export async function concludeStage(engine: Engine, stage: OpenStage): Promise<FlightEnd> {
  if (stage.kind === ARCHIVE) return finishPapers(engine, stage, await archive(engine, stage));
  const { landing, session, journal } = stage;
  const held = heldProposal(journal.entries);
  if (held && held.word !== 'approved') return holdProposal(engine, stage, held);
  if (landing) return fulfil(engine, stage, await resumeProposal(engine, stage, landing));
  if (!session) return abandonStage(engine, stage);
  const result = await acceptProposal(engine, stage, session);
  switch (result.kind) {
    case 'accepted': {
      const { lease, entry } = result.accepted;
      // What is to wait for a person is shown in the next look, which finds it in the journal.
      if (heldProposal([...journal.entries, entry])) return;
      return fulfil(engine, { ...stage, lease }, result.accepted);
    }
    case 'refused':
      return settle(engine, stage, { ...NOTHING, ...result });
    case 'stopped':
      engine.log.warn(`stopped at ${stage.kind}: ${result.reason}`, { repo: stage.lease.repo });
      return;
    default:
      return result satisfies never;
  }
}

/** Kind of the attempt that puts a finished plan away; it needs no agent. */
export const ARCHIVE = 'ARCHIVE';

/** Ends an attempt that left no proposal; there is nothing to keep of it. */
export async function abandonStage(engine: Engine, stage: OpenStage): Promise<void> {
  const { session } = stage;
  if (session) await engine.sessions.end(session.plan.name, 'cancelled');
  const failure = isPutDown(engine, session) ? PUT_DOWN : classifyEnd(session);
  await settle(engine, stage, { ...NOTHING, failure });
}

/** Shows what waits for a person's word; one that was declined, or that no longer answers what is asked, is dropped. */
async function holdProposal(engine: Engine, stage: OpenStage, held: HeldProposal): Promise<FlightEnd> {
  const { issue, lease, landing, journal } = stage;
  const change =
    held.word === 'declined'
      ? cancelled('a person wants it to be different')
      : await whatChanged(engine, stage, landing ?? lease.last);
  if (change) return settle(engine, stage, { ...NOTHING, failure: change });
  if (issue === null || !landing) return WAITS;
  const proposal = await keptProposal(engine, { repo: lease.repo, journal, kind: landing.kind });
  await mirror(engine, lease, issue, { working: false, blocked: true });
  const text = [
    'This is proposed, and waits for a person:',
    describeProposal(proposal)
      .map(line => `- ${line}`)
      .join('\n'),
    `\`${agreeTo(String(issue), held)}\` files it; \`harness answer ${issue} "…"\` says what is to be different.`,
  ].join('\n\n');
  await say(engine, lease, issue, { kind: 'concluded', attempt: lease.last.attempt, text });
  return WAITS;
}

async function fulfil(engine: Engine, stage: OpenStage, accepted: Accepted): Promise<FlightEnd> {
  const { proposal, entry, gates, lease } = accepted;
  const { repo } = lease;
  const read = async (file: string) =>
    file === '' || entry.base === null ? null : engine.repos.readFile(repo, entry.base, file);
  if (proposal.kind === 'plan') {
    const spec = await read(engine.settings.HARNESS_SPEC);
    const line = { id: entry.session.slice(0, 12), specHash: spec === null ? null : sha256(spec) };
    const files = newPlan(line, proposal.text);
    return finishPapers(engine, stage, { ...PAPERS.plan, files, gates });
  }
  const planText = await read(PLAN_FILE);
  const plan = planText === null ? null : planLineIn(planText).id;
  const contest = proposal.kind === 'judgement' ? await judgedContest(engine, stage) : null;
  const units = unitsOf(engine.settings, engine.targets);
  const told = await makeReal(engine, { lease, proposal, entry, issue: stage.issue, plan, contest, units });
  // The marker is that of an earlier plan: with it the new one could never be complete.
  if (proposal.kind === 'prds' && (await read(MARKER_FILE)) !== null) {
    return finishPapers(engine, stage, { ...PAPERS.prds, files: { [MARKER_FILE]: null }, gates });
  }
  if (proposal.kind === 'replan') {
    // What failed was another text: its breaker closes.
    await retryWork(engine, { repo, unit: stage.seen.world.unit ?? 'main', issue: proposal.number });
  }
  const verdicts = [...gates, ...verdictsOf(proposal, contest)];
  return settle(engine, stage, { ...NOTHING, gates: verdicts, told, failure: openQuestion(proposal) });
}

async function judgedContest(
  engine: Engine,
  { issue, lease, journal }: OpenStage,
): Promise<JudgedContest | null> {
  const { repo } = lease;
  return issue === null
    ? null
    : contestIn(engine, { repo, journal, issue: await engine.board.issue(repo, issue) });
}

/** What the receipt says for later decisions: rounds of a gauntlet and issues planned anew are counted from there. */
function verdictsOf(proposal: Proposal, contest: JudgedContest | null): readonly GateVerdict[] {
  if (proposal.kind === 'replan') return [replanned(proposal.number)];
  if (proposal.kind === 'review') return proposal.contest ? [TO_BE_JUDGED] : [];
  return proposal.kind === 'judgement' && contest ? [roundOf(contest, proposal).verdict] : [];
}

/** A triage that needs to know more is no success: what it asks is kept, and holds the bug until a person answers. */
function openQuestion(proposal: Proposal): Failure | null {
  if (proposal.kind !== 'triage' || proposal.verdict !== 'needs-information') return null;
  const message = neutraliseLine(proposal.question ?? '', 1_000);
  return { class: 'question', signature: `${NEEDS_INFORMATION}${message}`.slice(0, 200), message };
}

const PAPERS = {
  plan: { name: 'plan', title: 'Plan the work', summary: 'The plan that the specification asks for.' },
  prds: {
    name: 'prds',
    title: 'Begin a new plan',
    summary: 'An earlier plan is over; the PRDs of this one are filed.',
  },
  archive: { name: 'archive', title: 'Archive the plan', summary: 'Every PRD of the plan is closed.' },
} as const;

async function archive(engine: Engine, { seen, lease, baseBranch, landing }: OpenStage): Promise<Papers> {
  const { repo } = lease;
  const base = await engine.repos.fetchBranch(repo, baseBranch);
  const files = archivedPlan({
    text: (await engine.repos.readFile(repo, base, PLAN_FILE)) ?? '',
    specHash: seen.world.specHash,
    prds: seen.world.repos[repo]?.plan.prds ?? [],
    at: new Date(engine.clock.now()).toISOString(),
  });
  return { ...PAPERS.archive, files, gates: landing?.gates ?? [] };
}

async function finishPapers(engine: Engine, stage: OpenStage, papers: Papers): Promise<FlightEnd> {
  const { repo } = stage.lease;
  const end = await landPapers(engine, stage, papers);
  switch (end.kind) {
    case 'stopped':
      engine.log.warn(`stopped landing the ${papers.name}: ${end.reason}`, { repo });
      return;
    case 'waiting':
      engine.log.info(`the ${papers.name} waits: ${end.reason}`, { repo });
      return WAITS;
    case 'failed':
      return settle(engine, { ...stage, lease: end.lease }, { ...NOTHING, ...end });
    case 'landed': {
      // What is due next depends on the base as it is now.
      await engine.board.snapshot(repo, { maxAgeMs: 0 });
      const landed = { pull: end.pull.number, commit: end.commit };
      const branch = { name: papersBranch(papers.name), head: end.pull.headSha };
      return settle(engine, { ...stage, lease: end.lease }, { ...NOTHING, gates: end.gates, landed, branch });
    }
    default:
      return end satisfies never;
  }
}

interface StageEnd {
  readonly failure: Failure | null;
  readonly gates: readonly GateVerdict[];
  readonly output: string | null;
  /** What came of it, for people; null when it failed, or there is no issue to say it on. */
  readonly told: string | null;
  readonly landed: { readonly pull: number; readonly commit: Oid } | null;
  readonly branch: { readonly name: string; readonly head: Oid } | null;
}

const NOTHING: StageEnd = { failure: null, gates: [], output: null, told: null, landed: null, branch: null };

/** What people see, then receipt and release, then what this host keeps. */
async function settle(
  engine: Engine,
  { issue, lease, session, journal, landing }: OpenStage,
  { failure, gates, output, told, landed, branch }: StageEnd,
): Promise<void> {
  const { attempt } = lease.last;
  if (issue !== null) {
    const blocked = failure?.class === 'blocked' && !engine.settings.HARNESS_AUTONOMOUS;
    // A label that only said that a person was to look at the proposal.
    const isDecided = heldProposal(journal.entries) !== null;
    await mirror(engine, lease, issue, { working: false, ...(blocked || isDecided ? { blocked } : {}) });
    if (told !== null) await say(engine, lease, issue, { kind: 'concluded', attempt, text: told });
    else if (failure) {
      const until = isLastRefusal(journal, failure) ? retried(String(issue)) : null;
      await say(engine, lease, issue, { kind: 'failed', attempt, failure, output, handoff: null, until });
    }
  }
  const usage = session ? usageOf(session, engine.settings) : (landing?.usage ?? null);
  const base = session?.plan.base ?? lease.last.base;
  const discoveries = discoveriesIn(session);
  const files = { log: session && logNameOf(session), ...transcriptOf(session) };
  const end = {
    failure,
    landed,
    base,
    head: branch?.head ?? null,
    gates,
    output,
    usage,
    discoveries,
    ...files,
  };
  const pushed = await endAttempt(engine, lease, end, { branch: branch?.name ?? null, checkpoint: null });
  if (pushed.kind === 'unknown') return;
  if (session) await clearAway(engine, session.plan, { isSafe: true });
}

/** With this failure the proposal was refused as often as it goes back. */
function isLastRefusal({ entries }: Journal, failure: Failure): boolean {
  const signatures = [...foldJournal(entries).failures, failure].map(({ signature }) => signature);
  return failure.class === 'proposal' && refusalsIn(signatures).length >= MOST_REFUSALS;
}
