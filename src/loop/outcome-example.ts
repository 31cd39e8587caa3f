import type { ReviewPoint } from '../core/contracts.ts';
import type { Proposal, ProposedChild, ProposedPrd } from '../core/proposals/proposal.ts';
import type { StageKind } from '../core/world.ts';
import type { SessionPlan } from '../ports.ts';

/** The outcome that a session is to leave, filled in as an example. */
export function outcomeExample(
  { kind, nonce, repo, issue }: SessionPlan,
  points: readonly ReviewPoint[] = [],
) {
  const proposal = PROPOSALS[kind];
  return {
    version: 1,
    nonce,
    repo,
    issue: issue ?? 0,
    status: 'done',
    summary: 'What you did, in a few sentences.',
    criteria: proposal ? [] : [{ id: 'the criterion', evidence: 'what shows that it holds' }],
    blockers: [],
    discoveries: [],
    ...(points.length > 0 && !proposal
      ? { answers: points.map(({ id }) => ({ id, answer: 'fix', reason: 'what was done about it' })) }
      : {}),
    ...(proposal ? { proposal } : {}),
  };
}

const CHILD: ProposedChild = {
  key: 'read-config',
  title: 'Read the configuration file',
  body: 'What is to be built, and why, for somebody who knows only the repository.',
  covers: ['1'],
  acceptance: ['A missing file gives the defaults, and a test shows it.'],
  blockedBy: [],
  scope: ['src/config'],
  size: 'small',
};

const A_PRD: ProposedPrd = {
  key: 'config',
  title: 'Configuration',
  problem: 'Who has which problem today.',
  boundaries: 'What belongs to it, and what does not.',
  criteria: ['The configuration file is read at start, and a test shows it.'],
  blockedBy: [],
};

const PROPOSALS: Partial<Record<StageKind, Proposal>> = {
  PLAN: { kind: 'plan', text: '# Plan\n\nThe whole text of PLAN.md.' },
  PRD: {
    kind: 'prds',
    prds: [A_PRD],
  },
  DECOMPOSE: {
    kind: 'children',
    children: [CHILD, { ...CHILD, key: 'warn', title: 'Warn of unknown keys', blockedBy: ['read-config'] }],
  },
  REVIEW: {
    kind: 'review',
    criteria: [
      { id: '1', verdict: 'met', evidence: 'the test and the command that show it' },
      { id: '2', verdict: 'unmet', evidence: 'what you did, and what happened instead' },
    ],
    gaps: [{ ...CHILD, key: 'gap', covers: ['2'] }],
  },
  REPLAN: {
    kind: 'replan',
    number: 5,
    parts: [{ ...CHILD, key: 'first-part', title: 'What can be done first' }],
    rewrite: { ...CHILD, key: 'the-rest', title: 'What is left of it' },
  },
  JUDGE: {
    kind: 'judgement',
    tasks: [{ task: '1', better: 'B', reason: 'What makes the difference.' }],
  },
  TRIAGE: {
    kind: 'triage',
    verdict: 'bug',
    cause: 'Where it comes from: file, line, and why.',
    body: 'How to reproduce it, what happens, and what should.',
    acceptance: ['A test that fails today passes.'],
    scope: ['src/config'],
  },
  INJECT: {
    kind: 'additions',
    prds: [A_PRD],
    issues: [{ ...CHILD, parent: 7 }],
    reopen: [],
  },
};
