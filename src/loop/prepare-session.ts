import path from 'node:path';
import { sizeOf } from '../core/agent-choice.ts';
import { relayedComments } from '../core/comments.ts';
import type { Action } from '../core/decision.ts';
import { foldJournal, type JournalState } from '../core/journal.ts';
import { trustOf } from '../core/rules/trust.ts';
import { unitsOf } from '../core/units.ts';
import type { Comment, Issue, StageKind } from '../core/world.ts';
import { openPointsIn } from '../landing/reviewed.ts';
import { bodyHashOf } from '../leases/digest.ts';
import { endsWithProposal } from '../pipeline/accept.ts';
import { contestText } from '../pipeline/gauntlet.ts';
import { PLAN_FILE } from '../pipeline/plan-files.ts';
import type { Journal, Oid, SessionPlan } from '../ports.ts';
import { type Beginning, findBeginning } from './beginning.ts';
import { handoffName } from './checkpoint.ts';
import { contestIn } from './contest.ts';
import { relayedDiscoveries } from './discoveries.ts';
import type { Engine } from './engine.ts';
import { issueLines } from './issue-lines.ts';
import { journalOf, type Seen } from './observe.ts';
import type { PromptFacts } from './prompt.ts';
import { stuckText } from './stuck-text.ts';
import { workflowValues } from './workflow-values.ts';

/** A session that could start, and what it starts from. */
export interface PreparedSession {
  readonly plan: SessionPlan;
  /** Its issue, the specification, the plan, or for a judge what is to be compared. */
  readonly subject: Subject;
  readonly journal: Journal | null;
  readonly state: JournalState;
  readonly beginning: Beginning;
}

type Subject = Pick<Issue, 'title' | 'body'>;

/** Work for a session. */
export type SessionWork = Pick<Action, 'repo' | 'issue'> & { readonly kind: StageKind };

/** The issue's branch: the same for every attempt, so that pushing twice collides instead of duplicating. */
export const branchOf = (issue: number) => `issue/${issue}`;

/** The branch of a session's worktree; that of a stage that ends with a proposal is never pushed. */
const worktreeBranchOf = (kind: StageKind, issue: number | null) =>
  issue === null || endsWithProposal(kind) ? `stage/${kind.toLowerCase()}` : branchOf(issue);

/** Makes the plan of a session on the base as it is now; null when there is nothing to work on. */
export async function prepareSession(
  engine: Engine,
  seen: Seen,
  work: SessionWork,
  base: Oid,
): Promise<PreparedSession | null> {
  const { repo, kind, issue } = work;
  const asked = await subjectOf(engine, seen, work, base);
  const journal = journalOf(seen, repo, issue);
  const subject =
    asked && kind === 'JUDGE' ? await comparisonOf(engine, { repo, journal, issue: asked }) : asked;
  if (!asked || !subject) return null;
  const state = foldJournal(journal?.entries ?? []);
  const unit = seen.world.unit ?? 'main';
  const suffix = issue === null ? 'stage' : `i${issue}`;
  const name = `${engine.prefix}-${unit}-${suffix}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const attempt = state.attempts + 1;
  const branch = worktreeBranchOf(kind, issue);
  const beginning =
    issue === null || endsWithProposal(kind)
      ? { ...FROM_BASE, start: kind === 'JUDGE' ? await nothing(engine, repo) : base }
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
    bodyHash: bodyHashOf(asked),
    size: sizeOf(labelsOf(seen, work)),
  };
  return { plan, subject, journal, state, beginning };
}

const FROM_BASE = { continues: false, obstacle: null, attempt: null } as const;

/** A judge must not recognise what it judges: it gets the outputs alone, and nothing of the repository. */
async function comparisonOf(
  engine: Engine,
  {
    repo,
    journal,
    issue,
  }: { readonly repo: string; readonly journal: Journal | null; readonly issue: Subject },
): Promise<Subject | null> {
  const contest = journal && (await contestIn(engine, { repo, journal, issue }));
  return contest && { title: 'Which output is better?', body: contestText(contest) };
}

const nothing = ({ repos }: Engine, repo: string): Promise<Oid> =>
  repos.commitFiles(repo, {
    parent: null,
    message: 'Nothing',
    files: { 'README.md': 'There is nothing here that you need.\n' },
  });

/** What the prompt of a session is made of, on the text that its subject has now. */
export async function promptFacts(
  engine: Engine,
  seen: Seen,
  { plan, journal, state, beginning }: PreparedSession,
  subject: Subject,
): Promise<PromptFacts> {
  const attached = async (name: string) =>
    journal && (await engine.refs.attachment(plan.repo, journal, name));
  const lastOutput = await attached('verify.log');
  const { attempt } = beginning;
  return {
    plan,
    subject,
    comments: plan.kind === 'JUDGE' ? [] : await commentsOn(engine, seen, plan),
    issues: issueLines(seen.world, plan.repo),
    stuck: plan.kind === 'REPLAN' ? stuckText(seen, plan.repo, plan.issue) : null,
    discoveries: relayedDiscoveries(seen, plan.repo, plan.kind === 'JUDGE' ? null : plan.issue),
    answers: state.answers,
    points: plan.issue === null || endsWithProposal(plan.kind) ? [] : openPointsIn(state.reviews),
    receipts: state.receipts,
    lastOutput,
    continues: beginning.continues,
    handoff: attempt === null ? null : await attached(handoffName(attempt)),
    units: otherUnits(engine, plan.repo),
    workflow: seen.snapshots.get(plan.repo.toLowerCase())?.workflowText ?? null,
    project: workflowValues(engine, seen, { plan, subject }),
    settings: engine.settings,
  };
}

/** What people of trust wrote about an issue; none about what has no issue. */
export async function commentsOn(
  { board, settings }: Engine,
  { world }: Pick<Seen, 'world'>,
  { repo, issue }: Pick<SessionPlan, 'repo' | 'issue'>,
): Promise<readonly Comment[]> {
  if (issue === null) return [];
  return relayedComments(await board.comments(repo, issue), trustOf(settings, world.login));
}

/** The other units of the fleet, one per line, for prompts. */
export function otherUnits({ settings, targets }: Engine, repo: string): string {
  const others = unitsOf(settings, targets).filter(unit => unit.repo.toLowerCase() !== repo.toLowerCase());
  const said = (id: string) => targets.find(target => target.id === id)?.description ?? '';
  return others.map(({ id, repo: at }) => `${id} (${at}): ${said(id)}`.trim()).join('\n');
}

/** What a session is about: its issue, the specification, or the plan. null when it is not there. */
async function subjectOf(
  { repos, settings }: Engine,
  seen: Seen,
  { kind, repo, issue }: SessionWork,
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

function labelsOf(seen: Seen, { repo, issue }: SessionWork): readonly string[] {
  return issue === null ? [] : (issueIn(seen, repo, issue)?.labels ?? []);
}

/** The issue in what was seen. */
export function issueIn(seen: Seen, repo: string, number: number): Issue | null {
  const snapshot = seen.snapshots.get(repo.toLowerCase());
  return snapshot?.issues.find(issue => issue.number === number) ?? null;
}
