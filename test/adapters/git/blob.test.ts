import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import { commitFiles, git, REPO, setScene } from './setup.ts';

describe('a file at a commit', () => {
  it('is read as it was then, and is null where there is none', async () => {
    const { options, remote } = await setScene();
    const repos = createRepos(options);
    const commit = commitFiles(remote, 'main', {
      '.harness/config': 'HARNESS_CAP=2\n',
      'a[1]*.txt': 'odd\n',
    });
    commitFiles(remote, 'main', { '.harness/config': 'HARNESS_CAP=9\n' });
    await repos.fetchBranch(REPO, 'main');
    expect(await repos.readFile(REPO, commit, '.harness/config')).toBe('HARNESS_CAP=2\n');
    expect(await repos.readFile(REPO, commit, 'a[1]*.txt')).toBe('odd\n');
    expect(await repos.readFile(REPO, commit, 'nothing')).toBeNull();
    expect(await repos.readFile(REPO, commit, '.harness')).toBeNull();
  });

  it('is never a link: what it points to is not the repository', async () => {
    const { options, dir, remote } = await setScene();
    const repos = createRepos(options);
    const checkout = join(dir, 'checkout');
    git(dir, ['clone', '--quiet', remote, checkout]);
    symlinkSync('/etc/passwd', join(checkout, 'link'));
    git(checkout, ['add', '.']);
    git(checkout, ['commit', '--quiet', '-m', 'Link']);
    git(checkout, ['push', '--quiet', 'origin', 'HEAD:main']);
    const commit = await repos.fetchBranch(REPO, 'main');
    expect(await repos.readFile(REPO, commit, 'link')).toBeNull();
  });

  it('is refused when it is too large to be read', async () => {
    const { options, remote } = await setScene();
    const repos = createRepos(options);
    const commit = commitFiles(remote, 'main', { 'large.txt': 'x'.repeat(1024 * 1024 + 1) });
    await repos.fetchBranch(REPO, 'main');
    await expect(repos.readFile(REPO, commit, 'large.txt')).rejects.toThrow('too large');
  });
});
