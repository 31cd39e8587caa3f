import path from 'node:path';
import { readBoard, type UnitBoard } from '../core/board.ts';
import { criteriaOf } from '../core/grammar/criteria.ts';
import type { AdditionsProposal } from '../core/proposals/proposal.ts';
import { agentObstacle } from '../core/rules/agents.ts';
import { budgetObstacle } from '../core/rules/budget.ts';
import type { Obstacle } from '../core/rules/gate.ts';
import { whileWorkflowInvalid } from '../core/rules/stops.ts';
import { type SeenIssues, seenIssuesOf } from '../core/seen-issues.ts';
import type { World } from '../core/world.ts';
import { HarnessError } from '../errors.ts';
import { bodyHashOf, sha256 } from '../leases/digest.ts';
import type { Session, SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';
import { type Injection, unitNow } from './inject.ts';
import { issueLines } from './issue-lines.ts';
import { look } from './observe.ts';
import { otherUnits } from './prepare-session.ts';
import { prepareWorktree } from './prepare-worktree.ts';
import { NO_FACTS, promptOf } from './prompt.ts';
import { logNameOf } from './session-log.ts';
import { usageOf } from './usage.ts';
import { workflowValues } from './workflow-values.ts';

/** What a person wants to be added. */
export interface Brief {
  readonly repo: string;
  readonly unit: string;
  /** What may be proposed for it. */
  readonly wants: 'plan' | 'prd' | 'issue';
  readonly text: string;
}

/** A session that is ready to be asked for additions. */
export interface InjectionSession {
  readonly plan: SessionPlan;
  readonly prompt: string;
  /** The issues that it will be told of. */
  readonly seen: SeenIssues;
  /** What lets no agent start now, as before every other session; null when nothing does. */
  readonly held: Obstacle | null;
}

/** Looks at the issues as they are and makes the plan of a session on them; nothing is written. */
export async function prepareInjection(engine: Engine, brief: Brief): Promise<InjectionSession> {
  const { repo, unit, wants, text } = brief;
  const board = await unitNow(engine, repo);
  const { world } = await look(engine);
  const { defaultBranch, workflowText } = await engine.board.snapshot(repo, {
    maxAgeMs: Number.POSITIVE_INFINITY,
  });
  const base = await engine.repos.fetchBranch(repo, engine.settings.HARNESS_BASE || defaultBranch);
  const nonce = engine.clock.nonce();
  const subject = { title: `Asked for: ${KINDS[wants]}`, body: text };
  const name = `${engine.prefix}-${unit}-inject-${nonce.slice(0, 6)}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const plan: SessionPlan = {
    name,
    kind: 'INJECT',
    unit,
    repo,
    issue: null,
    attempt: 1,
    epoch: 1,
    nonce,
    branch: 'stage/inject',
    base,
    start: base,
    worktree: path.join(engine.worktreesDir, name),
    bodyHash: bodyHashOf(subject),
    size: null,
  };
  const issues = [...prdLines(board), issueLines(world, repo)].join('\n');
  const { settings } = engine;
  const project = workflowValues(engine, { world }, { plan, subject });
  return {
    plan,
    prompt: promptOf(engine.prompts, {
      ...NO_FACTS,
      plan,
      subject,
      issues,
      units: otherUnits(engine, repo),
      workflow: workflowText,
      project,
      settings,
    }),
    seen: seenIssuesOf(board, sha256),
    held: obstacleOf(board, world),
  };
}

/** An addition has no attempts of its own: what counts is what a day may cost, whether its agent works, and what it would be told. */
function obstacleOf(unit: UnitBoard, world: World): Obstacle | null {
  const board = readBoard(world);
  return (
    budgetObstacle(null, board) ??
    agentObstacle({ stage: 'INJECT', labels: [] }, board) ??
    whileWorkflowInvalid({ unit })
  );
}

const KINDS = {
  plan: 'PRDs, issues, and PRDs to open again',
  prd: 'PRDs only',
  issue: 'issues, and PRDs to open again for them',
} as const;

/** The criteria of the PRDs that can be added to. */
const prdLines = ({ prds }: UnitBoard): readonly string[] =>
  prds.map(({ issue }) =>
    [
      `PRD #${issue.number} (${issue.state}): ${issue.title}`,
      ...criteriaOf(issue).map(({ id, text }) => `  ${id}. ${text}`),
    ].join('\n'),
  );

/**
 * Runs the session in a worktree of its own and returns what it proposed; whatever becomes of it, nothing is left
 * behind. null when the signal ended it. Throws `not-added` when it proposes nothing.
 */
export async function proposeInjection(
  engine: Engine,
  brief: Brief,
  { session, signal }: { readonly session: InjectionSession; readonly signal: AbortSignal },
): Promise<Injection | null> {
  const { plan, prompt, seen } = session;
  const { sessions, repos } = engine;
  if (signal.aborted) return null;
  if (!(await sessions.reserve(plan))) throw new HarnessError('engine-failed', `${plan.name} is in use.`);
  try {
    await prepareWorktree(engine, plan);
    await sessions.launch(plan.name, { prompt, title: brief.text.slice(0, 80) });
    const ended = await untilEnded(engine, plan, signal);
    if (ended === null) return null;
    const value = proposalOf(ended, brief);
    return {
      repo: brief.repo,
      unit: brief.unit,
      kind: 'INJECT',
      value,
      seen,
      asked: askedFor(brief),
      nonce: plan.nonce,
      base: plan.base,
      usage: usageOf(ended, engine.settings),
      log: logNameOf(ended),
    };
  } finally {
    await sessions.end(plan.name, 'cancelled');
    await repos.removeWorktree(plan.worktree);
    await sessions.discard(plan.name);
  }
}

/** Tells the same wish again. */
export const askedFor = ({ wants, text }: Pick<Brief, 'wants' | 'text'>) =>
  sha256(`${wants}\0${text.trim()}`);

const LOOK_MS = 1_000;

async function untilEnded(
  engine: Engine,
  { name }: SessionPlan,
  signal: AbortSignal,
): Promise<Session | null> {
  for (;;) {
    if (signal.aborted) return null;
    const session = (await engine.sessions.list()).find(({ plan }) => plan.name === name);
    if (!session || session.state === 'lost') throw new HarnessError('not-added', 'The session is gone.');
    if (session.state === 'ended') return session;
    await engine.host.nextEvent(LOOK_MS, signal);
  }
}

function proposalOf(session: Session, { wants }: Brief): unknown {
  const { outcome, end, lastWords } = session;
  if (outcome.kind !== 'valid') {
    const problems = outcome.kind === 'invalid' ? `: ${outcome.problems.join('; ')}` : '';
    const why = end?.failure?.message ?? `it left no valid outcome${problems}`;
    throw nothing(`${why}${lastWords ? `\n${lastWords.trim().split('\n').slice(-3).join('\n')}` : ''}`);
  }
  const { status, summary, question, proposal } = outcome.outcome;
  if (status !== 'done') throw nothing(question ?? summary);
  const { prds, issues, reopen } = proposal as AdditionsProposal;
  if (wants === 'prd' && issues.length + reopen.length > 0) throw nothing('it adds more than PRDs');
  if (wants === 'issue' && prds.length > 0) throw nothing('it adds PRDs, and issues were asked for');
  return proposal;
}

const nothing = (why: string) => new HarnessError('not-added', `The session made no proposal to use: ${why}`);
