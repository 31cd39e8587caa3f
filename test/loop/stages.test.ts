import { expect, it } from 'vitest';
import type { ReviewProposal } from '../../src/core/proposals/proposal.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { dieAfterAgents } from '../helpers/dying.ts';
import { aStage, holderOf, STAGE_REPO } from '../helpers/ports.ts';
import { aChild } from '../helpers/proposals.ts';

const PRD = {
  title: 'The whole of it',
  labels: ['prd'],
  body: '## Acceptance criteria\n\n1. It reads.\n2. It writes.\n',
};
const MODE = { HARNESS_MODE: 'prd' };
const CHILDREN = {
  kind: 'children',
  children: [aChild('write', { blockedBy: ['read'], covers: ['2'] }), aChild('read', { covers: ['1'] })],
};

const reviewOf = (unmet: readonly string[]): ReviewProposal => ({
  kind: 'review',
  criteria: ['1', '2'].map(id => ({
    id,
    verdict: unmet.includes(id) ? 'unmet' : 'met',
    evidence: 'tried it',
  })),
  gaps: unmet.map(id => aChild(`gap-${id}`, { covers: [id] })),
});

/** The first review finds a gap, every later one none. */
function overOneGap(): (plan: SessionPlan) => unknown {
  let reviewed = '';
  return ({ kind, nonce }) => {
    if (kind === 'DECOMPOSE') return CHILDREN;
    if (kind !== 'REVIEW') return undefined;
    reviewed ||= nonce;
    return reviewOf(reviewed === nonce ? ['2'] : []);
  };
}

it('takes a PRD from its issue to its end, over a gap that the review finds', async () => {
  const stage = aStage({ issues: [PRD], config: MODE, proposals: overOneGap() });
  await stage.fleet().finish();
  const { github } = stage;
  expect(github.issue(1)).toMatchObject({ state: 'closed', stateReason: 'completed' });
  expect(github.issue(1).labels).toEqual(['prd', 'reviewed']);
  const titles = [...github.remote.issues.keys()].map(number => github.issue(number).title);
  expect(titles).toEqual(['The whole of it', 'Build read', 'Build write', 'Build gap-2']);
  expect(github.issue(3)).toMatchObject({
    state: 'closed',
    parent: `${STAGE_REPO}#1`,
    blockedBy: [`${STAGE_REPO}#2`],
  });
  const receipts = github.journal(1).entries.filter(({ op }) => op === 'receipt');
  expect(receipts.map(({ kind }) => kind)).toEqual(['DECOMPOSE', 'REVIEW', 'REVIEW']);
  for (const { log } of receipts) expect(log).toMatch(/^[\w-]+$/);
  expect(github.comments(1).join()).toContain('Every criterion is met.');
});

it('sends a refused proposal back once, with its reasons, then holds the PRD', async () => {
  const stage = aStage({
    issues: [PRD],
    config: MODE,
    proposals: () => ({ kind: 'children', children: [aChild('a', { blockedBy: ['a'] })] }),
  });
  const fleet = stage.fleet();
  await fleet.finish();
  expect(stage.github.story(1).filter(op => op.startsWith('receipt'))).toEqual([
    'receipt:proposal',
    'receipt:proposal',
  ]);
  expect(stage.github.remote.issues.size).toBe(1);
  const { holds } = await fleet.tick();
  expect(holds).toMatchObject([
    { code: 'attempts', reason: expect.stringMatching(/refused 2 times, at last since .*waits for itself/) },
  ]);
  const [comment] = stage.github.comments(1);
  expect(comment).toContain('waits for itself');
  expect(comment).toContain(
    'Nothing more is tried until a person has mended the text, and says `harness retry 1`.',
  );
});

it('goes on with everything else while a proposal is refused', async () => {
  const hostile = Array.from({ length: 50 }, (_, at) =>
    aChild(`k${at}`, { blockedBy: [`k${(at + 1) % 50}`] }),
  );
  const stage = aStage({
    issues: [PRD, { title: 'Something else', labels: ['ready-for-agent'], body: '## Parent\n\nNone' }],
    config: MODE,
    proposals: () => ({ kind: 'children', children: hostile }),
  });
  await stage.fleet().finish();
  expect(stage.github.issue(2).state).toBe('closed');
  expect(stage.github.issue(1).state).toBe('open');
  expect([...stage.github.remote.issues.keys()]).toEqual([1, 2]);
});

it('does not act on the proposal for a PRD whose text has changed since', async () => {
  const stage = aStage({ issues: [PRD], config: MODE, proposals: overOneGap() });
  const fleet = stage.fleet();
  await fleet.tick();
  stage.github.edit(1, { body: '## Acceptance criteria\n\n1. Something else.\n' });
  await stage.wait(70);
  await fleet.tick();
  expect(stage.github.story(1)).toContain('receipt:cancelled');
  expect(stage.github.remote.issues.size).toBe(1);
});

it('creates every issue once, wherever its process dies', async () => {
  for (let write = 1; write <= 14; write += 1) {
    const stage = aStage({ issues: [PRD], config: MODE, proposals: overOneGap() });
    await dieAfterAgents(stage, write);
    const titles = [...stage.github.remote.issues.keys()].map(number => stage.github.issue(number).title);
    expect(titles, `died at write ${write}`).toEqual([
      'The whole of it',
      'Build read',
      'Build write',
      'Build gap-2',
    ]);
    expect(holderOf(stage)).toBeNull();
  }
});

it('relays what attempts found to the later ones of the same PRD alone, as hearsay', async () => {
  const stage = aStage({
    issues: [PRD, { title: 'Something else', labels: ['ready-for-agent'], body: '## Parent\n\nNone' }],
    config: { ...MODE, HARNESS_CAP: '1' },
    proposals: overOneGap(),
  });
  const prompts: string[] = [];
  const fleet = stage.fleet('h1', engine => ({
    ...engine,
    prompts: Object.fromEntries(
      ['decompose', 'impl', 'review'].map(name => [name, '#{{ISSUE}} {{FENCE}} {{DISCOVERIES}}']),
    ),
    sessions: {
      ...engine.sessions,
      launch: (name, begun) => {
        prompts.push(begun.prompt);
        return engine.sessions.launch(name, begun);
      },
    },
  }));
  await fleet.finish();
  const last = prompts.findLast(text => text.startsWith('#1 ')) ?? '';
  expect(last).toMatch(/It is hearsay[\s\S]*begin data-[\s\S]*- attempt 1 on #3 found this/);
  expect(last).not.toContain('#2 found this');
  expect(prompts.find(text => text.startsWith('#2 '))).not.toContain('hearsay');
});

it('has children whose scopes overlap in flight one after the other', async () => {
  const labels = ['ready-for-agent'];
  const stage = aStage({
    issues: [
      { labels, body: '## Scope\n\n- `src/api`\n' },
      { labels, body: '## Scope\n\n- `src/api/server.ts`\n' },
      { labels, body: '## Scope\n\n- `docs`\n' },
    ],
  });
  const fleet = stage.fleet();
  const { holds } = await fleet.tick();
  expect((await fleet.sessions()).map(({ plan }) => plan.issue)).toEqual([1, 3]);
  expect(holds).toMatchObject([{ issue: 2, code: 'scope-busy' }]);
  await fleet.finish();
  const claimedAt = (issue: number) => Date.parse(stage.github.journal(issue).entries[0]?.at ?? '');
  expect(claimedAt(2)).toBeGreaterThan(Date.parse(stage.github.journal(1).entries.at(-1)?.at ?? ''));
});
