import type { Failure, GateVerdict, JournalEntry } from '../core/contracts.ts';
import { CONTEST_FILE } from '../core/gauntlet.ts';
import { heldBy, isToBeHeld } from '../core/held-proposal.ts';
import type { Proposal } from '../core/proposals/proposal.ts';
import { fail, outcomeGate, pass } from '../landing/gates.ts';
import { bodyHashOf, sha256 } from '../leases/digest.ts';
import { appendToLease } from '../leases/lease.ts';
import { acceptedProposal, judgeProposal, type ProposalSource } from '../pipeline/accept.ts';
import { deepenJudged } from '../pipeline/deepen-plan.ts';
import type { Journal, Session } from '../ports.ts';
import type { Engine } from './engine.ts';
import { askSecretsIn } from './secrets.ts';
import type { Accepted, OpenStage } from './stage.ts';
import { usageOf } from './usage.ts';

/** What came of judging a session's proposal. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly accepted: Accepted }
  | {
      readonly kind: 'refused';
      readonly failure: Failure;
      readonly gates: readonly GateVerdict[];
      /** Every reason, for the next attempt; null when the proposal was not even looked at. */
      readonly output: string | null;
    }
  /** The lease is no longer ours, or it is not known: nothing more may be done. */
  | { readonly kind: 'stopped'; readonly reason: string };

/** Name of a proposal among a journal's attachments. */
export const PROPOSAL_NAME = 'proposal.json';

/** Judges what a session left and keeps it in the journal: from there on anybody can make it real. */
export async function acceptProposal(
  engine: Engine,
  stage: OpenStage,
  session: Session,
): Promise<Acceptance> {
  const { lease } = stage;
  const said = outcomeGate(session.outcome, []);
  const refused = (failure: Failure, gates: readonly GateVerdict[], output: string | null = null) => ({
    kind: 'refused' as const,
    failure,
    gates: [said.verdict, ...gates],
    output,
  });
  if (said.failure) return refused(said.failure, []);
  const change = await whatChanged(engine, stage, session.plan);
  if (change) return refused(change, []);

  const { base } = session.plan;
  const asProposed = await judgeProposal(engine.board, stage.seen.world, {
    stage: session.plan.kind,
    repo: lease.repo,
    value: session.outcome.kind === 'valid' ? session.outcome.outcome.proposal : undefined,
    issue: stage.issue === null ? null : await engine.board.issue(lease.repo, stage.issue),
  });
  const judged = await deepenJudged(engine.planSteps, asProposed, { repo: lease.repo, base });
  if (judged.kind === 'refused') {
    const { failure, verdict } = refusalOf(judged.problems);
    return refused(failure, [verdict], judged.problems.map(line => `- ${line}`).join('\n'));
  }
  const { proposal } = judged;
  const secrets = await askSecretsIn(engine, proposal);
  const attachments = attachmentsOf(proposal);
  const isHeld = isToBeHeld(proposal, engine.settings);
  const gates = [
    pass('proposal', 'it can be made real as it is').verdict,
    secrets.verdict,
    ...(isHeld ? [heldBy(digestOf(stage, attachments[PROPOSAL_NAME] ?? ''))] : []),
  ];
  if (secrets.failure) return refused(secrets.failure, gates);
  const kept = await appendToLease(
    engine,
    lease,
    [
      {
        op: 'landing',
        facts: {
          base,
          head: base,
          gates: [said.verdict, ...gates],
          usage: usageOf(session, engine.settings),
        },
      },
    ],
    { attachments },
  );
  if (kept.kind !== 'done') return { kind: 'stopped', reason: kept.reason };
  const entry = kept.lease.last;
  return { kind: 'accepted', accepted: { lease: kept.lease, entry, proposal, gates: entry.gates } };
}

/** As long as a commit's name, and so said in the same way; another attempt's proposal has another one. */
const digestOf = ({ lease }: OpenStage, text: string) => sha256(`${lease.last.session} ${text}`).slice(0, 40);

/** What a review has prepared for a judge must outlast the judge's own proposal. */
function attachmentsOf(proposal: Proposal): Readonly<Record<string, string>> {
  const text = JSON.stringify(proposal);
  const isContest = proposal.kind === 'review' && proposal.contest !== undefined;
  return { [PROPOSAL_NAME]: text, ...(isContest ? { [CONTEST_FILE]: text } : {}) };
}

/** The proposal of an attempt that another process, or another host, had begun to make real. */
export async function resumeProposal(
  engine: Engine,
  { lease, journal }: Pick<OpenStage, 'lease' | 'journal'>,
  entry: JournalEntry,
): Promise<Accepted> {
  const proposal = await keptProposal(engine, { repo: lease.repo, journal, kind: entry.kind });
  await engine.host.pause(LIST_LAG_MS);
  return { lease, entry, proposal, gates: entry.gates };
}

/** The proposal that a journal keeps. Throws `engine-failed` when it is broken. */
export async function keptProposal(
  { refs }: Pick<Engine, 'refs'>,
  { repo, journal, kind }: { readonly repo: string; readonly journal: Journal; readonly kind: string },
): Promise<Proposal> {
  return acceptedProposal(kind as ProposalSource, await refs.attachment(repo, journal, PROPOSAL_NAME));
}

// GitHub's lists lag behind writes by seconds: what a process created that died just now must be found.
const LIST_LAG_MS = 5_000;

/** Why a proposal no longer answers what was asked: the PRD was closed, or its text changed. */
export async function whatChanged(
  { board }: Engine,
  { issue: number, lease }: OpenStage,
  { bodyHash }: Pick<JournalEntry, 'bodyHash'>,
): Promise<Failure | null> {
  if (number === null) return null;
  const issue = await board.issue(lease.repo, number);
  if (issue.state === 'closed') return cancelled('the issue was closed meanwhile');
  const isAsAsked = bodyHashOf(issue) === bodyHash;
  return isAsAsked ? null : cancelled('the text of the issue changed while it was being worked on');
}

/** Nothing more comes of an attempt, through nobody's fault. */
export const cancelled = (message: string): Failure => ({
  class: 'cancelled',
  signature: `cancelled: ${message}`,
  message,
});

function refusalOf(problems: readonly string[]): {
  readonly failure: Failure;
  readonly verdict: GateVerdict;
} {
  const [first = 'it says nothing'] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const { failure, verdict } = fail('proposal', 'proposal', `${first}${more}`);
  if (!failure) throw new Error('A refusal names no failure.');
  return { failure, verdict };
}
