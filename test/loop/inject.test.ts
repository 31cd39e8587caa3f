import { expect, it } from 'vitest';
import { readBoard } from '../../src/core/board.ts';
import type { AdditionsProposal, FiledProposal } from '../../src/core/proposals/proposal.ts';
import { seenIssuesOf } from '../../src/core/seen-issues.ts';
import { sha256 } from '../../src/leases/digest.ts';
import { asInjector, finishInjection, type Injection, inject, unitNow } from '../../src/loop/inject.ts';
import { prepareInjection } from '../../src/loop/injection-session.ts';
import { dyingAt } from '../helpers/dying.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';
import { aChild, aProposedPrd } from '../helpers/proposals.ts';

const PRD = { title: 'Grow', body: '## Acceptance criteria\n\n1. It grows.\n', labels: ['prd'] };
const DONE = {
  title: 'Seed',
  body: '## Parent\n\n#1\n',
  labels: ['ready-for-agent'],
  state: 'closed' as const,
};

/** PRD #1 is closed, and so is its only issue #2; #3 is open. */
const aGarden = (facts = {}): Stage =>
  aStage({
    issues: [
      { ...PRD, state: 'closed', labels: ['prd', 'reviewed'] },
      { ...DONE, stateReason: 'completed' },
      { title: 'Water', body: 'It is dry.', labels: ['ready-for-agent'] },
    ],
    config: { HARNESS_MODE: 'prd' },
    ...facts,
  });

const ADDED: AdditionsProposal = {
  kind: 'additions',
  prds: [aProposedPrd('harvest')],
  issues: [
    { ...aChild('weed', { covers: ['1'] }), parent: 1 },
    { ...aChild('rake', { covers: [], blockedBy: ['weed', '#3'] }), parent: null },
  ],
  reopen: [1],
};

const anInjection = (facts: Partial<Injection> = {}): Injection => ({
  repo: STAGE_REPO,
  unit: 'main',
  kind: 'INJECT',
  value: ADDED,
  seen: null,
  asked: 'what was asked for',
  nonce: 'nonceofthesession',
  base: null,
  usage: null,
  log: null,
  ...facts,
});

const titlesOf = ({ github }: Stage) =>
  [...github.remote.issues.keys()].map(number => github.issue(number).title);

it('adds PRDs and issues to what is there, and opens a finished PRD again', async () => {
  const stage = aGarden();
  const injector = asInjector(stage.fleet().engine);
  const end = await stage.until(inject(injector, anInjection({ log: 'inject-a1.log' })));
  expect(end).toMatchObject({ kind: 'added', issues: [{ title: 'Stream harvest' }, {}, {}] });
  expect(titlesOf(stage).slice(3)).toEqual(['Stream harvest', 'Build weed', 'Build rake']);
  expect(stage.github.issue(1)).toMatchObject({ state: 'open', labels: ['prd'] });
  expect(stage.github.issue(4).labels).toEqual(['prd']);
  expect(stage.github.issue(5).body).toContain('## Parent\n\n#1');
  expect(stage.github.issue(6)).toMatchObject({ labels: ['ready-for-agent'] });
  expect(stage.github.issue(6).body).toContain('- #5\n- #3');
  const journal = stage.github.remote.journals.get('refs/harness/stages/main');
  expect(journal?.entries.map(({ op }) => op)).toEqual(['claim', 'landing', 'receipt', 'release']);
  expect(journal?.entries.find(({ op }) => op === 'receipt')?.log).toBe('inject-a1.log');
});

it('refuses what was proposed on issues that are different now, and says which', async () => {
  const stage = aGarden();
  const injector = asInjector(stage.fleet().engine);
  const seen = seenIssuesOf(await stage.until(unitNow(injector, STAGE_REPO)), sha256);
  stage.github.edit(3, { body: 'It is wet.' });
  const end = await stage.until(inject(injector, anInjection({ seen })));
  expect(end).toEqual({ kind: 'changed', differences: ['#3 was edited: Water'] });
  expect(titlesOf(stage)).toHaveLength(3);
  const now = seenIssuesOf(await stage.until(unitNow(injector, STAGE_REPO)), sha256);
  const same = await stage.until(inject(injector, anInjection({ seen: now, nonce: 'nonceofthesecond' })));
  expect(same).toMatchObject({ kind: 'added' });
});

it('asks no agent once the budget of the day is used up', async () => {
  const stage = aGarden({ config: { HARNESS_MODE: 'prd', HARNESS_MAX_COST_USD_PER_DAY: '5' } });
  const injector = asInjector(stage.fleet().engine);
  const brief = { repo: STAGE_REPO, unit: 'main', wants: 'plan', text: 'Grow more' } as const;
  expect((await stage.until(prepareInjection(injector, brief))).held).toBe(null);
  const usage = {
    requests: null,
    tokens: null,
    costUsd: 5,
    seconds: 1,
    agentSeconds: null,
    activeSeconds: null,
  };
  await stage.until(inject(injector, anInjection({ usage })));
  const { held } = await stage.until(prepareInjection(injector, brief));
  expect(held?.reason).toBe('all fleets spent $5.00 today, of $5');
});

it('adds to nothing that is being worked on', async () => {
  const stage = aStage({
    issues: [PRD],
    config: { HARNESS_MODE: 'prd' },
    proposals: () => ({ kind: 'children', children: [aChild('slow', { covers: ['1'] })] }),
  });
  const fleet = stage.fleet();
  await fleet.tick();
  const value = { ...ADDED, reopen: [], issues: [{ ...aChild('weed', { covers: ['1'] }), parent: 1 }] };
  const end = await stage.until(inject(asInjector(fleet.engine), anInjection({ value })));
  expect(end).toMatchObject({
    kind: 'refused',
    problems: [expect.stringMatching(/PRD #1 is being worked on right now/)],
  });
});

it('is refused while somebody works on a stage of the unit', async () => {
  const stage = aStage({
    issues: [],
    config: { HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md' },
    proposals: () => ({ kind: 'plan', text: 'Plan.' }),
  });
  const { branches } = stage.github.remote;
  for (const [name, head] of branches) {
    const files = new Map(stage.universe.objects.read(head).tree.files).set('SPEC.md', 'Build it.');
    branches.set(name, stage.universe.objects.commit({ files, parents: [head], by: 'alice' }).oid);
  }
  const fleet = stage.fleet();
  await fleet.tick();
  const value = { kind: 'additions', prds: [aProposedPrd('harvest')], issues: [], reopen: [] };
  await expect(stage.until(inject(asInjector(fleet.engine), anInjection({ value })))).rejects.toMatchObject({
    code: 'stage-held',
  });
});

it('adds no PRD before those of the plan are filed, which it would be taken for', async () => {
  const stage = aStage({
    issues: [],
    config: { HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md' },
    proposals: () => ({ kind: 'plan', text: 'Plan.' }),
  });
  const { branches } = stage.github.remote;
  for (const [name, head] of branches) {
    const files = new Map(stage.universe.objects.read(head).tree.files).set('SPEC.md', 'Build it.');
    branches.set(name, stage.universe.objects.commit({ files, parents: [head], by: 'alice' }).oid);
  }
  const value = { kind: 'additions', prds: [aProposedPrd('harvest')], issues: [], reopen: [] };
  const end = await stage.until(inject(asInjector(stage.fleet().engine), anInjection({ value })));
  expect(end).toMatchObject({ kind: 'refused', problems: [expect.stringContaining('the unit is at PLAN')] });
});

it('is left alone by the fleet while it works, and renews its lease when that takes long', async () => {
  const stage = aGarden();
  const issues = Array.from({ length: 60 }, (_none, index) => ({
    ...{ key: `weed-${index}`, title: `Weed ${index}`, body: 'Weeds.', labels: ['later'], blockedBy: [] },
  }));
  const injector = asInjector(stage.fleet().engine);
  const fleet = stage.fleet();
  let isOver = false;
  const adding = inject(injector, anInjection({ kind: 'FILE', value: { kind: 'filed', issues } })).finally(
    () => {
      isOver = true;
    },
  );
  const ticking = (async () => {
    while (!isOver) {
      await fleet.begin();
      await fleet.engine.host.pause(3_000);
    }
  })();
  const [end] = await stage.until(Promise.all([adding, ticking]));
  expect(end).toMatchObject({ kind: 'added' });
  expect(titlesOf(stage)).toHaveLength(63);
  const entries = stage.github.remote.journals.get('refs/harness/stages/main')?.entries ?? [];
  const ops = entries.map(({ op }) => op);
  expect(ops).toEqual([
    'claim',
    'landing',
    ...ops.slice(2, -2).map(() => 'checkpoint'),
    'receipt',
    'release',
  ]);
  expect(ops).toContain('checkpoint');
});

it('leaves the attempts of the unit’s own stages as they were', async () => {
  const stage = aGarden();
  const injector = asInjector(stage.fleet().engine);
  const value = { ...ADDED, reopen: [1, 1] };
  expect(await stage.until(inject(injector, anInjection({ value })))).toMatchObject({ kind: 'refused' });
  const { world } = await stage.until(fleetLook(stage));
  expect(readBoard(world).work.on(STAGE_REPO, null).record?.failures).toEqual([]);
});

const fleetLook = async (stage: Stage) => {
  const { look } = await import('../../src/loop/observe.ts');
  return look(stage.fleet().engine);
};

const FILED: FiledProposal = {
  kind: 'filed',
  issues: [
    { key: 'weed-1', title: 'Build weed', body: 'Weeds.', labels: ['ready-for-agent'], blockedBy: [] },
    { key: 'rake-1', title: 'Build rake', body: 'Rake.', labels: ['later'], blockedBy: ['weed-1'] },
  ],
};

const WAYS: readonly (readonly [string, Partial<Injection>, readonly string[]])[] = [
  ['what a session proposed', {}, ['Stream harvest', 'Build weed', 'Build rake']],
  ['a file', { kind: 'FILE', value: FILED }, ['Build weed', 'Build rake']],
];

for (const [what, facts, titles] of WAYS) {
  it(`adds ${what} once when its command dies at any write and is run again`, async () => {
    for (let write = 1; ; write += 1) {
      const stage = aGarden();
      const death = { isArmed: true, writes: 0, at: write };
      const first = stage.fleet('h1', engine => dyingAt(death, engine));
      const isOver = await stage.until(
        inject(asInjector(first.engine), anInjection(facts)).then(
          () => true,
          () => false,
        ),
      );
      first.process.isAlive = false;
      if (death.writes < write) {
        expect(isOver).toBe(true);
        break;
      }
      const again = asInjector(stage.fleet().engine);
      const finished = await stage.until(finishInjection(again, anInjection(facts)));
      const isThere = titlesOf(stage).length > 3;
      if (finished === null && !isThere)
        await stage.until(inject(again, anInjection({ ...facts, nonce: 'nonceofthesecond' })));
      expect(titlesOf(stage).slice(3), `died at write ${write}`).toEqual(titles);
      const labelled = titlesOf(stage)
        .map((_title, index) => stage.github.issue(index + 1))
        .slice(3);
      expect(
        labelled.every(({ labels }) => labels.length === 1),
        `died at write ${write}`,
      ).toBe(true);
    }
  });

  it(`has a fleet finish ${what} when its command died at any write`, async () => {
    for (let write = 2; ; write += 1) {
      const stage = aGarden();
      const death = { isArmed: true, writes: 0, at: write };
      const first = stage.fleet('h1', engine => dyingAt(death, engine));
      await stage.until(inject(asInjector(first.engine), anInjection(facts)).catch(() => undefined));
      first.process.isAlive = false;
      if (death.writes < write) break;
      const fleet = stage.fleet();
      for (let turn = 0; turn < 8; turn += 1) {
        await fleet.tick();
        await stage.wait(2);
      }
      expect(titlesOf(stage).slice(3, 3 + titles.length), `died at write ${write}`).toEqual(titles);
      const journal = stage.github.remote.journals.get('refs/harness/stages/main');
      expect(journal?.entries.at(-1)?.op, `died at write ${write}`).toBe('release');
    }
  });
}

const HOSTILE: readonly (readonly [string, Partial<AdditionsProposal>, RegExp])[] = [
  ['a circle', { issues: [add('a', { blockedBy: ['b'] }), add('b', { blockedBy: ['a'] })] }, /circle/],
  ['a wait for itself', { issues: [add('a', { blockedBy: ['a'] })] }, /waits for itself/],
  ['an unknown reference', { issues: [add('a', { blockedBy: ['#99'] })] }, /there is no issue/],
  ['500 issues', { issues: Array.from({ length: 500 }, (_, i) => add(`a${i}`)) }, /at most 30/],
  ['a text over the limit', { issues: [add('a', { body: 'x'.repeat(70_000) })] }, /at most 20000/],
  ['a marker of ours', { issues: [add('a', { body: '<!-- harness:key 1/2/3 -->' })] }, /marker/],
  ['a title of two lines', { issues: [add('a', { title: 'One\nTwo' })] }, /one line/],
  ['a key that is used twice', { issues: [add('a'), add('a', { title: 'Other' })] }, /used twice/],
  ['a claim to everything', { issues: [add('a', { scope: ['**'] })] }, /claims everything/],
  ['a title that an open issue has', { issues: [add('a', { title: ' WATER ' })] }, /#3 has this title/],
  ['a PRD that is none', { issues: [{ ...add('a'), parent: 3 }] }, /#3 is no PRD/],
  ['a closed PRD that it leaves closed', { issues: [{ ...add('a'), parent: 1 }] }, /is closed/],
  ['a PRD opened for nothing', { issues: [add('a')], reopen: [1] }, /nothing is added/],
  ['nothing', { issues: [] }, /adds nothing/],
  [
    'a fence that is never closed',
    { issues: [add('a', { body: '```', scope: ['src'] })] },
    /close code fences/,
  ],
];

function add(key: string, facts = {}) {
  return { ...aChild(key, { covers: [], ...facts }), parent: null };
}

it.each(HOSTILE)('refuses %s whole', async (_what, facts, reason) => {
  const stage = aGarden();
  const injector = asInjector(stage.fleet().engine);
  const value = { kind: 'additions', prds: [], issues: [], reopen: [], ...facts };
  const end = await stage.until(inject(injector, anInjection({ value })));
  expect(end).toMatchObject({
    kind: 'refused',
    problems: expect.arrayContaining([expect.stringMatching(reason)]),
  });
  expect(titlesOf(stage)).toHaveLength(3);
});

it('takes no file for an agent’s proposal', async () => {
  const stage = aGarden();
  const end = await stage.until(inject(asInjector(stage.fleet().engine), anInjection({ value: FILED })));
  expect(end).toMatchObject({ kind: 'refused' });
});
