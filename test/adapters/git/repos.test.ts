import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, git, portsOf, REPO, setScene } from './setup.ts';

const AGENT = { name: 'Agent', email: 'agent@example.com' };

async function startWork() {
  const scene = await setScene();
  const { repos } = portsOf(scene.options);
  const start = await repos.fetchBranch(REPO, 'main');
  const path = join(scene.dir, 'trees', 'i7');
  await repos.createWorktree({ repo: REPO, path, branch: 'issue/7', start, identity: AGENT });
  return { scene, repos, start, path };
}

describe('a worktree', () => {
  it('gives back what was committed in it', async () => {
    const { repos, start, path } = await startWork();
    writeFileSync(join(path, 'new.txt'), 'new\n');
    expect(await repos.dirtyPaths({ repo: REPO, path, head: start })).toEqual(['new.txt']);
    git(path, ['add', '.']);
    git(path, ['commit', '-q', '-m', 'Add new']);
    const head = await repos.collect({ repo: REPO, path, branch: 'issue/7' });
    expect(head).toBe(git(path, ['rev-parse', 'HEAD']));
    expect(await repos.dirtyPaths({ repo: REPO, path, head: head ?? '' })).toEqual([]);
    expect(await repos.change(REPO, { base: start, head: head ?? '' })).toEqual({
      descends: true,
      commits: 1,
      files: [{ path: 'new.txt', status: 'A' }],
    });
    expect(await repos.merge(REPO, { base: start, head: head ?? '' })).toMatchObject({
      kind: 'merged',
      commit: head,
    });
  });
});
