import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown } from './fleet.ts';

it('refuses the session prefix of another fleet that runs on this host', async () => {
  const town = await aTown();
  const home = path.join(town.root, 'home/.harness');
  const settings = { HARNESS_HOME: home, HARNESS_SESS_PREFIX: 'app', HARNESS_POOL: '1' };
  const [one, two] = [await town.fleet('one', settings), await town.fleet('two', settings)];
  const patient = await town.fleet('three', { ...settings, HARNESS_PREFIX_COLLISION: 'warn' });
  const registered = () => readdirSync(path.join(home, 'fleets')).filter(name => name.endsWith('.json'));

  expect((await one.harness('start')).exit).toBe(0);
  expect(registered()).toHaveLength(1);
  const refused = await two.harness('start');
  expect(refused.exit).toBe(5);
  expect(refused.err).toContain(`The fleet of ${one.dir} uses the session prefix app too.`);
  const warned = await patient.harness('start');
  expect(warned.exit).toBe(0);
  expect(warned.err).toContain(`warning: The fleet of ${one.dir} uses the session prefix app too.`);

  for (const fleet of [one, patient]) expect((await fleet.harness('stop', '--now')).exit).toBe(0);
  expect(registered()).toEqual([]);
  expect((await two.harness('start')).exit).toBe(0);
  await two.harness('stop', '--now');
});
