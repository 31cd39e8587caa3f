import { expect, it } from 'vitest';
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
