import { expect, it } from 'vitest';
import type { SessionPlan } from '../../src/ports.ts';
import { latest } from '../../src/simulate/github/history.ts';
import { dyingAt } from '../helpers/dying.ts';
import { aStage, holderOf, STAGE_REPO, type Stage } from '../helpers/ports.ts';
import { aChild } from '../helpers/proposals.ts';

const LIB = 'sim/lib';
const PRD = {
  title: 'The whole of it',
  labels: ['prd'],
  body: '## Acceptance criteria\n\n1. It reads.\n2. It writes.\n',
};

/** One issue of the library, one before it and one after it here. */
const CHILDREN = {
  kind: 'children',
  children: [
    aChild('name', { covers: ['1'] }),
    { ...aChild('parse', { covers: ['1'], blockedBy: ['name'] }), unit: 'u2' },
    aChild('use', { covers: ['2'], blockedBy: ['parse'] }),
  ],
};

const REVIEW = {
  kind: 'review',
  criteria: ['1', '2'].map(id => ({ id, verdict: 'met', evidence: 'tried it' })),
  gaps: [],
};

const aProject = () =>
  aStage({
    issues: [PRD],
    others: [LIB],
    config: { HARNESS_MODE: 'prd' },
    proposals: ({ kind }: SessionPlan) =>
      kind === 'DECOMPOSE' ? CHILDREN : kind === 'REVIEW' ? REVIEW : undefined,
  });

const issuesIn = ({ universe }: Stage, repo: string) =>
  [...(universe.remotes.get(repo)?.issues.values() ?? [])].map(history => latest(history).issue);

it('files work of another unit in its repository, and has both sides wait for each other', async () => {
  const stage = aProject();
  const fleet = stage.fleet();
  await fleet.untilAgentsStop();
  await fleet.tick();
  expect(stage.github.comments(1).join()).toContain(`- ${LIB}#1 Build parse`);
  await fleet.finish();
  const [prd, name, use] = issuesIn(stage, STAGE_REPO);
  const [parse, ...more] = issuesIn(stage, LIB);
  expect(more).toEqual([]);
  expect(parse).toMatchObject({
    title: 'Build parse',
    state: 'closed',
    parent: null,
    blockedBy: [`${STAGE_REPO}#2`],
    labels: ['ready-for-agent'],
  });
  expect(parse?.body).toContain(`Covers criterion 1 of ${STAGE_REPO}#1. Wanted by ${STAGE_REPO}#1.`);
  expect(parse?.body).toContain(`## Blocked by\n\n- ${STAGE_REPO}#2`);
  expect(use).toMatchObject({ title: 'Build use', state: 'closed', blockedBy: [`${LIB}#1`] });
  expect(use?.body).toContain(`## Blocked by\n\n- ${LIB}#1`);
  expect([name?.state, prd?.state]).toEqual(['closed', 'closed']);
});

it('files each of them once, in its own repository, wherever its process dies', async () => {
  for (let write = 1; write <= 16; write += 1) {
    const stage = aProject();
    const death = { isArmed: false, writes: 0, at: write };
    const first = stage.fleet('h1', engine => dyingAt(death, engine));
    await first.untilAgentsStop();
    death.isArmed = true;
    await first.tick().catch(() => undefined);
    first.process.isAlive = false;
    await stage.wait(5);
    await stage.fleet().finish();
    const titles = [STAGE_REPO, LIB].map(repo => issuesIn(stage, repo).map(({ title }) => title));
    expect(titles, `died at write ${write}`).toEqual([
      ['The whole of it', 'Build name', 'Build use'],
      ['Build parse'],
    ]);
    expect(issuesIn(stage, LIB)[0]?.state, `died at write ${write}`).toBe('closed');
    expect(holderOf(stage)).toBeNull();
  }
});
