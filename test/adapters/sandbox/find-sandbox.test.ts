import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSandbox, parsePlaces } from '../../../src/adapters/sandbox/find-sandbox.ts';
import { makeTempDir } from '../../helpers/temp.ts';

/** Looks for a sandbox where bubblewrap is this script; null: where there is none. */
function find(mode: 'auto' | 'bwrap' | 'off', script: string | null, dir = makeTempDir()) {
  if (script !== null) {
    writeFileSync(join(dir, 'bwrap'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, 'bwrap'), 0o755);
  }
  const places = { home: '/nonexistent', path: '', hidden: () => [], needed: [], readable: [], writable: [] };
  return findSandbox(mode, { ...places, scratchDir: join(dir, 'scratch') }, { PATH: dir });
}

const FAILS = 'echo "bwrap: No permissions to create a new namespace" >&2; exit 1';

it.each([
  ['off', null, 'HARNESS_SANDBOX=off'],
  ['off', 'exit 0', 'HARNESS_SANDBOX=off'],
  ['auto', null, 'bubblewrap is not installed'],
  ['auto', FAILS, 'bwrap: No permissions to create a new namespace'],
] as const)('says why there is none: %s, %j', async (mode, script, why) => {
  expect(await find(mode, script)).toEqual({ kind: 'off', why });
});

it.each([null, FAILS])('refuses to go without one that was asked for: %j', async script => {
  await expect(find('bwrap', script)).rejects.toMatchObject({ code: 'tool-missing', exit: 3 });
});

it.each(['auto', 'bwrap'] as const)('uses the one that works: %s', async mode => {
  expect(await find(mode, 'echo bubblewrap 0.8.0')).toMatchObject({ kind: 'on', version: '0.8.0' });
});

it('leaves two empty directories of its trial, and no link that leads in a circle', async () => {
  const dir = makeTempDir();
  await find('auto', 'echo bubblewrap 0.8.0', dir);
  const left = readdirSync(join(dir, 'scratch'), { recursive: true, encoding: 'utf8' });
  expect(left.sort()).toEqual(['trial', 'trial/home', 'trial/tmp']);
});

it('reads paths, to be read or to be written, from the home too', () => {
  expect(parsePlaces(' /opt/data, ~/.npmrc,/srv/cache:rw ,~/x y:rw,', '/home/ada')).toEqual({
    readable: ['/opt/data', '/home/ada/.npmrc'],
    writable: ['/srv/cache', '/home/ada/x y'],
  });
});
