import { expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** Somebody moves the base so that a change made on the old one breaks it. */
function bumpApi({ universe, github: { remote } }: Stage): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(tip).tree.files).set('api', '2');
  remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: 'person alice' }).oid);
}

it('continues an earlier attempt on the newest base', async () => {
  const stage = aStage({ issues: [{ wish: 'use' }] });
  const here = stage.fleet();
  await here.untilAgentsStop();
  bumpApi(stage);
  await here.finish();
  expect(stage.github.story()).toEqual([
    'claim',
    'receipt:verify',
    'release',
    'claim',
    'landing',
    'receipt',
    'release',
  ]);
  expect(stage.github.files()).toMatchObject({ api: '2', 'use/1': '2' });
});

it('starts afresh when the earlier attempt conflicts with the newest base', async () => {
  const stage = aStage({ issues: [{ wish: 'shared' }], agents: ['silent', 'good'] });
  const here = stage.fleet();
  await here.untilAgentsStop();
  const { universe, github } = stage;
  const tip = github.remote.branches.get(BASE) ?? '';
  const files = new Map([...universe.objects.read(tip).tree.files, ['shared', 'line of another\n']]);
  github.remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: 'person' }).oid);
  await here.finish();
  expect(github.files()).toMatchObject({ shared: 'line of another\nline of 1\n' });
});

it('does not forget the work of an attempt over one that never began', async () => {
  const stage = aStage({ issues: [{ wish: 'own' }], agents: ['silent', 'good'] });
  const first = stage.fleet();
  await first.untilAgentsStop();
  first.process.isAlive = false;
  const broken = stage.fleet('h1', engine => ({
    ...engine,
    repos: { ...engine.repos, createWorktree: () => Promise.reject(new Error('the disk is full')) },
  }));
  await broken.tick();
  await broken.tick();
  broken.process.isAlive = false;
  const here = stage.fleet();
  await here.finish();
  expect(stage.github.story().filter(op => op.startsWith('receipt'))).toEqual([
    'receipt:no-outcome',
    'receipt:engine',
    'receipt',
  ]);
  const head = (attempt: number) =>
    stage.github.journal().entries.find(entry => entry.op === 'receipt' && entry.attempt === attempt)?.head ??
    '';
  expect(stage.universe.objects.isAncestor(head(1), head(3))).toBe(true);
});

it('holds nobody responsible for a GitHub that is out of reach', async () => {
  const stage = aStage();
  const here = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      issue: () => Promise.reject(new HarnessError('github-unreachable', 'no answer')),
    },
  }));
  await here.tick();
  expect(stage.github.story()).toEqual(['claim', 'receipt:interrupted', 'release']);
});
