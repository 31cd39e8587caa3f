import { expect, it } from 'vitest';
import type { TriageProposal } from '../../src/core/proposals/proposal.ts';
import { answerIssue } from '../../src/loop/answer.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { dieAfterAgents } from '../helpers/dying.ts';
import { aStage, STAGE_REPO } from '../helpers/ports.ts';

const BUG = { title: 'Off by one', labels: ['bug'], body: 'It prints 2.\n' };

const triage =
  (facts: Partial<TriageProposal> = {}) =>
  ({ kind }: SessionPlan): TriageProposal | undefined =>
    kind === 'TRIAGE'
      ? {
          kind: 'triage',
          verdict: 'bug',
          cause: 'It counts from 1.',
          body: 'Run it.',
          acceptance: ['A test shows it.'],
          scope: [],
          ...facts,
        }
      : undefined;

it('triages a bug, then fixes it, as any change', async () => {
  const stage = aStage({ issues: [BUG], proposals: triage() });
  await stage.fleet().finish();
  const { github } = stage;
  expect(github.issue()).toMatchObject({ state: 'closed', stateReason: 'completed' });
  expect(github.issue().labels).toEqual(['bug', 'bug-triaged']);
  expect(github.issue().body).toMatch(
    /It counts from 1[\s\S]*## Acceptance\n\n1\. A test shows it\.[\s\S]*It prints 2\./,
  );
  const receipts = github.journal().entries.filter(({ op }) => op === 'receipt');
  expect(receipts.map(({ kind, landed }) => [kind, landed !== undefined])).toEqual([
    ['TRIAGE', false],
    ['FIX', true],
  ]);
});

it('refuses a fix without a test that fails without it, unless nobody asks for one', async () => {
  const facts = { issues: [{ ...BUG, labels: ['bug', 'bug-triaged'] }], agents: ['untested'] } as const;
  const stage = aStage(facts);
  await stage.fleet().finish();
  const ends = stage.github
    .journal()
    .entries.flatMap(({ op, failure }) => (op === 'receipt' ? [failure] : []));
  expect(ends).toMatchObject([
    { class: 'verify', message: expect.stringContaining('a fix without a test') },
    undefined,
  ]);
  const lenient = aStage({ ...facts, config: { HARNESS_RED_FIRST: 'off' } });
  await lenient.fleet().finish();
  expect(lenient.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
});

it('fixes a bug while every slot of the pool is used, and one at a time', async () => {
  const stage = aStage({
    issues: [{ title: 'Long' }, BUG, { ...BUG, title: 'Off by two' }],
    agents: { 1: ['endless'] },
    config: { HARNESS_CAP: '1' },
    proposals: triage(),
  });
  const fleet = stage.fleet();
  await fleet.tick();
  expect((await fleet.sessions()).map(({ plan }) => `${plan.kind} ${plan.issue}`).sort()).toEqual([
    'IMPL 1',
    'TRIAGE 2',
  ]);
});

it('fixes a bug on a red base, where the pool starts nothing', async () => {
  const stage = aStage({ issues: [{ title: 'New' }, BUG], proposals: triage() });
  const fleet = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      snapshot: async (repo, options) => ({ ...(await engine.board.snapshot(repo, options)), ci: 'fail' }),
    },
  }));
  const { holds } = await fleet.tick();
  expect(holds).toMatchObject([{ issue: 1, code: 'ci-red' }]);
  await fleet.finish();
  expect([stage.github.issue(1).state, stage.github.issue(2).state]).toEqual(['open', 'closed']);
});

it.each([
  ['not_planned', { verdict: 'not-a-bug' }],
  ['duplicate', { verdict: 'duplicate', duplicateOf: '#2' }],
] as const)('closes as %s what a triage finds to be none of its own', async (stateReason, facts) => {
  const stage = aStage({
    issues: [BUG, { state: 'closed', stateReason: 'completed' }],
    proposals: triage(facts),
  });
  await stage.fleet().finish();
  expect(stage.github.issue()).toMatchObject({ state: 'closed', stateReason, body: BUG.body });
  expect(stage.github.comments().join()).toContain('It counts from 1.');
});

it('holds a bug whose triage asks something until a person answers', async () => {
  let asked = false;
  const stage = aStage({
    issues: [BUG],
    proposals: plan => {
      const first = !asked;
      asked ||= plan.kind === 'TRIAGE';
      return triage(first ? { verdict: 'needs-information', question: 'Which version?' } : {})(plan);
    },
  });
  const fleet = stage.fleet();
  await fleet.finish();
  expect(stage.github.comments().join()).toContain('> Which version?');
  const { holds } = await fleet.tick();
  expect(holds).toMatchObject([{ issue: 1, code: 'attempts', reason: 'its triage asks: Which version?' }]);
  const answering = { repo: STAGE_REPO, unit: 'main', number: 1, answer: 'The newest one.' };
  expect(await stage.until(answerIssue(fleet.engine, answering))).toBe('next');
  await fleet.finish();
  expect(stage.github.issue()).toMatchObject({ state: 'closed', stateReason: 'completed' });
});

it('refuses a triage as a duplicate of the bug itself, and leaves the bug alone', async () => {
  const stage = aStage({
    issues: [BUG],
    proposals: triage({ verdict: 'duplicate', duplicateOf: `${STAGE_REPO}#1` }),
  });
  await stage.fleet().finish();
  expect(stage.github.issue()).toMatchObject({ state: 'open', body: BUG.body });
  expect(stage.github.story().filter(op => op.startsWith('receipt'))).toEqual([
    'receipt:proposal',
    'receipt:proposal',
  ]);
});

it('refines a bug once, wherever its process dies', async () => {
  for (let write = 1; write <= 5; write += 1) {
    const stage = aStage({ issues: [BUG], proposals: triage() });
    await dieAfterAgents(stage, write);
    const { state, body } = stage.github.issue();
    expect([state, body.split('It counts from 1.').length], `died at write ${write}`).toEqual(['closed', 2]);
  }
});

it('gives way when another worker of the fleet has taken the slot of the lane in the same moment', async () => {
  const stage = aStage({ issues: [BUG], proposals: triage() });
  const fleet = stage.fleet('h1', engine => ({
    ...engine,
    sessions: {
      ...engine.sessions,
      reserve: async plan => {
        await engine.sessions.reserve({ ...plan, name: 'of-another-worker', issue: 2 });
        return engine.sessions.reserve(plan);
      },
    },
  }));
  await fleet.tick();
  expect((await fleet.sessions()).map(({ plan }) => plan.name)).toEqual(['of-another-worker']);
  expect(stage.github.journal(1).entries).toEqual([]);
});
