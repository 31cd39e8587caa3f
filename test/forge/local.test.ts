import { mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLocalRepository } from '../../src/forge/index.ts';
import { aForge, commitFile, git, temporaryDirectory } from './a-forge.ts';

const look = (path: string) => readLocalRepository(path, process.env.PATH ?? '');

/** A repository with one commit on a branch. */
async function aRepository(branch: string, name = 'app'): Promise<string> {
  const path = join(await realpath(await temporaryDirectory()), name);
  await git('/', 'init', '--quiet', `--initial-branch=${branch}`, path);
  await commitFile(path, 'a.txt', 'a\n');
  return path;
}

test('finds the top, the branches and the default branch of a repository', async () => {
  const top = await aRepository('trunk', 'my app');
  await mkdir(join(top, 'src'));
  await git(top, 'branch', 'other');
  expect(await look(join(top, 'src'))).toEqual({
    kind: 'found',
    repository: { top, name: 'my-app', branches: ['other', 'trunk'], defaultBranch: 'trunk' },
  });
});

test('takes the default branch of origin rather than the one that is checked out', async () => {
  const source = await aRepository('trunk');
  const clone = join(await temporaryDirectory(), 'clone');
  await git('/', 'clone', '--quiet', source, clone);
  await git(clone, 'checkout', '--quiet', '-b', 'feature');
  expect(await look(clone)).toMatchObject({ repository: { defaultBranch: 'trunk' } });
  await git(clone, 'checkout', '--quiet', '--detach');
  await git(clone, 'branch', '--quiet', '-D', 'trunk');
  expect(await look(clone)).toMatchObject({ repository: { defaultBranch: 'feature' } });
});

test('looks into a bare repository, and says why it can look into none', async () => {
  const source = await aRepository('trunk');
  const bare = join(await realpath(await temporaryDirectory()), 'copy.git');
  await git('/', 'clone', '--quiet', '--bare', source, bare);
  expect(await look(bare)).toMatchObject({ repository: { top: bare, name: 'copy', defaultBranch: 'trunk' } });

  const empty = await temporaryDirectory();
  expect(await look(empty)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/not a git repo/),
  });
  expect(await look(join(empty, 'gone'))).toMatchObject({ reason: expect.stringMatching(/No such file/) });
  await git(empty, 'init', '--quiet');
  expect(await look(empty)).toEqual({ kind: 'refused', reason: 'it has no commits' });
});

test('copies a shallow clone through a symbolic link', async () => {
  const source = await aRepository('main');
  await commitFile(source, 'b.txt', 'b\n');
  const directory = await temporaryDirectory();
  await git('/', 'clone', '--quiet', '--depth=1', `file://${source}`, join(directory, 'shallow'));
  await symlink(join(directory, 'shallow'), join(directory, 'link'));
  const forge = await aForge();
  await forge.addRepository({ owner: 'acme', name: 'copy', copyOf: join(directory, 'link') });
  const clone = join(directory, 'clone');
  await git('/', 'clone', '--quiet', `${forge.url}/acme/copy.git`, clone);
  expect(await git(clone, 'log', '--format=%s')).toBe('Add b.txt');
});
