import { expect, it } from 'vitest';
import type { ReplanProposal } from '../../src/core/proposals/proposal.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { dieAfterAgents } from '../helpers/dying.ts';
import { aStage } from '../helpers/ports.ts';
import { aChild } from '../helpers/proposals.ts';

const PRD = {
  title: 'The whole of it',
  labels: ['prd'],
  body: '## Acceptance criteria\n\n1. It reads.\n2. It writes.\n',
};

const REPLAN: ReplanProposal = {
  kind: 'replan',
  number: 2,
  parts: [aChild('first', { covers: ['1'] })],
  rewrite: aChild('rest', { covers: ['2'], title: 'Build the rest' }),
};

const proposing =
  (replan: ReplanProposal) =>
  ({ kind }: SessionPlan): unknown => {
    if (kind === 'DECOMPOSE') return { kind: 'children', children: [aChild('all')] };
    if (kind === 'REPLAN') return replan;
    if (kind !== 'REVIEW') return undefined;
    const criteria = ['1', '2'].map(id => ({ id, verdict: 'met', evidence: 'tried it' }));
    return { kind: 'review', criteria, gaps: [] };
  };

const stuck = (replan: ReplanProposal = REPLAN) =>
  aStage({
    issues: [PRD],
    config: { HARNESS_MODE: 'prd' },
    agents: { 2: ['wrong', 'wrong', 'wrong'] },
    proposals: proposing(replan),
  });

it('splits an issue whose breaker opened, once, and takes its PRD to the end', async () => {
  const stage = stuck();
  await stage.fleet().finish();
  const { github } = stage;
  const receipts = github.journal(1).entries.filter(({ op }) => op === 'receipt');
  expect(receipts.map(({ kind }) => kind)).toEqual(['DECOMPOSE', 'REPLAN', 'REVIEW']);
  expect(github.issue(1).state).toBe('closed');
  expect(github.issue(2)).toMatchObject({ state: 'closed', title: 'Build the rest' });
  const titles = [...github.remote.issues.keys()].map(number => github.issue(number).title);
  expect(titles).toEqual(['The whole of it', 'Build the rest', 'Build first']);
  const part = Math.max(...github.remote.issues.keys());
  expect(github.issue(2).body).toContain(`## Blocked by\n\n- #${part}`);
  expect(github.comments(1).join()).toContain('Every criterion is met.');
});

it.each<[string, Partial<ReplanProposal>]>([
  ['for the PRD itself', { number: 1 }],
  ['that waits for the issue itself', { parts: [aChild('first', { blockedBy: ['#2'] })] }],
  ['that waits for itself by way of the PRD', { rewrite: aChild('rest', { blockedBy: ['#1'] }) }],
])('refuses a plan %s', async (_what, facts) => {
  const stage = stuck({ ...REPLAN, ...facts });
  await stage.fleet().finish();
  expect(stage.github.story(1).filter(op => op === 'receipt:proposal')).toHaveLength(2);
  expect([...stage.github.remote.issues.keys()]).toEqual([1, 2]);
  expect(stage.github.issue(2).title).toBe('Build all');
});

it('makes it real once, wherever its process dies', async () => {
  for (let write = 1; write <= 8; write += 1) {
    const stage = stuck();
    await dieAfterAgents(stage, write, async fleet => {
      const isReplanning = async () => (await fleet.sessions()).some(({ plan }) => plan.kind === 'REPLAN');
      for (let turn = 0; turn < 40 && !(await isReplanning()); turn += 1) {
        await fleet.tick();
        await stage.wait(20);
      }
      await stage.wait(60);
    });
    const titles = [...stage.github.remote.issues.keys()].map(number => stage.github.issue(number).title);
    expect(titles, `died at write ${write}`).toEqual(['The whole of it', 'Build the rest', 'Build first']);
    expect(stage.github.issue(1).state, `died at write ${write}`).toBe('closed');
  }
});
