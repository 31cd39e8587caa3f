import { expect, it } from 'vitest';
import type { JudgementProposal, ReviewProposal } from '../../src/core/proposals/proposal.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { aStage, type Stage } from '../helpers/ports.ts';
import { aChild } from '../helpers/proposals.ts';

const PRD = {
  title: 'As good as jq',
  labels: ['prd'],
  body: '## Acceptance criteria\n\n1. It reads.\n\n## Quality bar\n\nAs good as jq at:\n\n- sorting\n- errors\n',
};

const CONTEST = [
  { task: '1', ours: 'OURS sorted', reference: 'THEIRS sorted' },
  { task: '2', ours: 'OURS failed', reference: 'THEIRS failed' },
];

/** A product that a judge who looks at `prompts` finds worse until so many gaps are closed. */
function aContest(lostRounds: number, config: Readonly<Record<string, string>> = {}) {
  const prompts = new Map<string, string>();
  const judged: string[] = [];
  const judge = ({ nonce }: SessionPlan): JudgementProposal => {
    if (!judged.includes(nonce)) judged.push(nonce);
    const wanted = judged.indexOf(nonce) < lostRounds ? 'THEIRS' : 'OURS';
    const tasks = (prompts.get(nonce) ?? '').split('## Task ').slice(1);
    return {
      kind: 'judgement',
      tasks: tasks.map(text => ({
        task: text.slice(0, 1),
        better: (/### Output A\n\n(\w+)/.exec(text)?.[1] ?? '') === wanted ? 'A' : 'B',
        reason: 'It is clearer.',
      })),
    };
  };
  const stage = aStage({
    issues: [PRD],
    config: { HARNESS_MODE: 'prd', ...config },
    proposals: plan => {
      if (plan.kind === 'DECOMPOSE')
        return { kind: 'children', children: [aChild('read', { covers: ['1'] })] };
      if (plan.kind === 'REVIEW') return REVIEW;
      return plan.kind === 'JUDGE' ? judge(plan) : undefined;
    },
  });
  const fleet = stage.fleet('h1', engine => listening(engine, prompts));
  return { stage, fleet, prompts };
}

const REVIEW: ReviewProposal = {
  kind: 'review',
  criteria: [{ id: '1', verdict: 'met', evidence: 'tried it' }],
  gaps: [],
  contest: CONTEST,
};

/** Notes what every session was told, by its nonce. */
function listening(engine: Engine, prompts: Map<string, string>): Engine {
  const launch: Engine['sessions']['launch'] = async (name, begun) => {
    const session = (await engine.sessions.list()).find(({ plan }) => plan.name === name);
    if (session) prompts.set(session.plan.nonce, begun.prompt);
    return engine.sessions.launch(name, begun);
  };
  return { ...engine, prompts: TEMPLATES, sessions: { ...engine.sessions, launch } };
}

const TEMPLATES = Object.fromEntries(
  ['decompose', 'impl', 'review', 'judge'].map(name => [name, '{{ISSUE_TEXT}}{{GAUNTLET}}']),
);

const kinds = ({ github }: Stage) =>
  github
    .journal(1)
    .entries.filter(({ op }) => op === 'receipt')
    .map(({ kind, gates }) =>
      `${kind} ${gates.find(({ gate }) => gate === 'gauntlet')?.verdict ?? ''}`.trim(),
    );

it('loses a round, files one gap for it, and wins the next', async () => {
  const { stage, fleet, prompts } = aContest(1);
  await fleet.finish();
  const { github } = stage;
  expect(kinds(stage)).toEqual(['DECOMPOSE', 'REVIEW unknown', 'JUDGE fail', 'REVIEW unknown', 'JUDGE pass']);
  expect([...github.remote.issues.keys()].map(number => github.issue(number).title)).toEqual([
    'As good as jq',
    'Build read',
    'Reach the quality bar of #1, round 1',
  ]);
  expect(github.issue(1)).toMatchObject({ state: 'closed', stateReason: 'completed' });
  const gap = Math.max(...github.remote.issues.keys());
  expect(github.issue(gap).body).toContain('1. At least as good as the reference: sorting');
  const judges = [...prompts.values()].filter(text => text.includes('### Output A'));
  expect(judges).toHaveLength(2);
  for (const text of judges) {
    expect(text).toContain('## Task 2: errors');
    expect(text).not.toMatch(/As good as jq|acceptance/i);
  }
});

it('concedes with a comment when it has lost every round', async () => {
  const { stage, fleet } = aContest(9, { HARNESS_GAUNTLET_ROUNDS: '2' });
  await fleet.finish();
  expect(kinds(stage).filter(kind => kind.startsWith('JUDGE'))).toEqual(['JUDGE fail', 'JUDGE fail']);
  expect(stage.github.remote.issues.size).toBe(3);
  expect(stage.github.issue(1)).toMatchObject({ state: 'closed' });
  expect(stage.github.comments(1).join()).toContain('concedes after 2 rounds');
});
