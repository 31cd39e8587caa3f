import { expect, it } from 'vitest';
import { asInjector, inject } from '../../src/loop/inject.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { latest } from '../../src/simulate/github/history.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { dieAfterAgents } from '../helpers/dying.ts';
import { aStage, holderOf, STAGE_REPO, type Stage } from '../helpers/ports.ts';
import { aChild, aProposedPrd } from '../helpers/proposals.ts';

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
    await dieAfterAgents(stage, write);
    const titles = [STAGE_REPO, LIB].map(repo => issuesIn(stage, repo).map(({ title }) => title));
    expect(titles, `died at write ${write}`).toEqual([
      ['The whole of it', 'Build name', 'Build use'],
      ['Build parse'],
    ]);
    expect(issuesIn(stage, LIB)[0]?.state, `died at write ${write}`).toBe('closed');
    expect(holderOf(stage)).toBeNull();
  }
});

const GAPS = [
  { ...aChild('quote', { covers: ['2'] }), unit: 'u2' },
  aChild('escape', { covers: ['2'], blockedBy: ['quote'] }),
];

it('files the gaps of a review where they belong, and looks again when they are closed', async () => {
  let reviews = 0;
  const stage = aStage({
    issues: [PRD],
    others: [LIB],
    config: { HARNESS_MODE: 'prd' },
    proposals: ({ kind }: SessionPlan) => {
      if (kind === 'DECOMPOSE') return { kind: 'children', children: [aChild('read')] };
      if (kind !== 'REVIEW') return undefined;
      reviews += 1;
      const criteria = REVIEW.criteria.map(one => ({ ...one, verdict: one.id === '2' ? 'unmet' : 'met' }));
      return issuesIn(stage, LIB).length === 0 ? { ...REVIEW, criteria, gaps: GAPS } : REVIEW;
    },
  });
  const { github } = stage;
  await stage.fleet().finish();
  expect(reviews).toBeGreaterThan(1);
  expect(issuesIn(stage, LIB)).toMatchObject([{ title: 'Build quote', state: 'closed', parent: null }]);
  expect(issuesIn(stage, STAGE_REPO).at(-1)).toMatchObject({
    title: 'Build escape',
    blockedBy: [`${LIB}#1`],
    parent: `${STAGE_REPO}#1`,
  });
  expect(github.issue(1).state).toBe('closed');
});

it('files the PRDs of a plan in the repositories of the units that they are for', async () => {
  const stage = aStage({
    issues: [],
    others: [LIB],
    config: { HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md' },
    proposals: ({ kind, issue }: SessionPlan) => {
      if (kind === 'PLAN') return { kind: 'plan', text: '# Plan' };
      if (kind === 'PRD')
        return {
          kind: 'prds',
          prds: [aProposedPrd('names', { unit: 'u2' }), aProposedPrd('reports', { blockedBy: ['names'] })],
        };
      if (kind === 'DECOMPOSE')
        return { kind: 'children', children: [aChild(`of-${issue}`, { covers: ['1'] })] };
      return kind === 'REVIEW' ? { ...REVIEW, criteria: REVIEW.criteria.slice(0, 1) } : undefined;
    },
  });
  const { branches } = stage.github.remote;
  const parent = branches.get(BASE) ?? '';
  const files = new Map(stage.universe.objects.read(parent).tree.files).set('SPEC.md', 'Build it.');
  branches.set(BASE, stage.universe.objects.commit({ files, parents: [parent], by: 'alice' }).oid);
  await stage.fleet().finish();
  const [names, child] = issuesIn(stage, LIB);
  expect(names).toMatchObject({ title: 'Stream names', state: 'closed', labels: ['prd', 'reviewed'] });
  expect(names?.body).toMatch(/^<!-- harness:key sim\.app\.plan-\w+\/\w+\/names -->/);
  expect(names?.body).toContain(`Wanted by ${STAGE_REPO}.`);
  expect(child).toMatchObject({ parent: `${LIB}#1`, state: 'closed' });
  const reports = issuesIn(stage, STAGE_REPO).find(({ title }) => title === 'Stream reports');
  expect(reports).toMatchObject({ state: 'closed', blockedBy: [`${LIB}#1`] });
  expect(stage.github.files()['docs/harness/plan-complete.json']).toBeDefined();
});

it('adds to other units what a person has asked for here', async () => {
  const stage = aStage({ issues: [PRD], others: [LIB], config: { HARNESS_MODE: 'prd' } });
  const value = {
    kind: 'additions',
    prds: [aProposedPrd('names', { unit: 'u2' })],
    issues: [
      { ...aChild('count', { covers: ['1'], blockedBy: ['parse'] }), parent: 1 },
      { ...aChild('parse', { covers: ['2'] }), parent: 1, unit: 'u2' },
      { ...aChild('tidy', { covers: [] }), parent: null, unit: 'u2' },
    ],
    reopen: [],
  };
  const about = { repo: STAGE_REPO, unit: 'u1', kind: 'INJECT', asked: 'it', nonce: 'nonce-of-it' } as const;
  const nothing = { seen: null, base: null, usage: null, log: null };
  const end = await stage.until(inject(asInjector(stage.fleet().engine), { ...about, ...nothing, value }));
  expect(end).toMatchObject({
    kind: 'added',
    issues: [
      { repo: LIB, number: 1, title: 'Stream names', labels: ['prd'] },
      { repo: LIB, number: 2, title: 'Build parse', labels: ['ready-for-agent'] },
      { repo: STAGE_REPO, number: 2, title: 'Build count', blockedBy: [`${LIB}#2`] },
      { repo: LIB, number: 3, title: 'Build tidy' },
    ],
  });
  const [, parse, tidy] = issuesIn(stage, LIB);
  expect(parse?.body).toContain(`Wanted by ${STAGE_REPO}#1.`);
  expect(tidy?.body).not.toContain('Wanted by');
});
