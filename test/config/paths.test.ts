import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findProject, fleetPaths, projectPaths } from '../../src/config.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'harness-paths-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('findProject', () => {
  test('finds the nearest project upwards', async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, '.harness'));
    await writeFile(join(root, '.harness/config'), '');
    await mkdir(join(root, 'a/.harness'), { recursive: true });
    await mkdir(join(root, 'a/b'));
    expect(await findProject(join(root, 'a/b'))).toBe(root);
  });

  test('gives one name to a project that is reached through a symlink', async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, 'real/.harness'), { recursive: true });
    await writeFile(join(root, 'real/.harness/config'), '');
    await symlink(join(root, 'real'), join(root, 'link'));
    expect(await findProject(join(root, 'link'))).toBe(join(root, 'real'));
  });

  test('says what to do when there is none', async () => {
    const root = await temporaryDirectory();
    await expect(findProject(root)).rejects.toMatchObject({
      code: 'not-initialised',
      fix: expect.stringContaining('harness init'),
    });
  });
});

describe('projectPaths', () => {
  test('keeps the home of Harness under HOME', () => {
    const paths = projectPaths('/p', { HOME: '/home/ada' });
    expect(paths).toMatchObject({
      configFile: '/p/.harness/config',
      localFile: '/p/.harness/config.local',
      runDir: '/p/.harness/run',
      harnessHome: '/home/ada/.harness',
      snapshotsDir: '/home/ada/.harness/snapshots',
    });
  });

  test('asks the system for the home directory when HOME is not set', () => {
    expect(projectPaths('/p', {}).harnessHome).toBe(join(homedir(), '.harness'));
  });

  test('takes HARNESS_HOME', () => {
    expect(projectPaths('/p', { HOME: '/home/ada', HARNESS_HOME: '/srv/h' }).harnessHome).toBe('/srv/h');
  });

  test.each([{ HARNESS_HOME: '' }, { HARNESS_HOME: 'relative' }, { HOME: '' }])('refuses %j', env => {
    expect(() => projectPaths('/p', env)).toThrow(/expected an absolute path/);
  });
});

describe('fleetPaths', () => {
  test('gives every fleet a directory of its own', () => {
    expect(fleetPaths('/h', 'app-1f2e')).toEqual({
      fleetDir: '/h/fleets/app-1f2e',
      clonesDir: '/h/fleets/app-1f2e/clones',
      worktreesDir: '/h/fleets/app-1f2e/worktrees',
      checkoutsDir: '/h/fleets/app-1f2e/checkouts',
    });
  });

  test.each(['', '..', 'a/b', '-x'])('refuses %j as an identifier', fleet => {
    expect(() => fleetPaths('/h', fleet)).toThrow(/identifier/);
  });
});
