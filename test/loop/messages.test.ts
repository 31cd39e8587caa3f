import { expect, it } from 'vitest';
import { createRepos } from '../../src/adapters/git/repos.ts';
import { parseSettings } from '../../src/core/parse-settings.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { askMessages, checkMessages } from '../../src/loop/messages.ts';
import { commitFiles, git, REPO, setScene } from '../adapters/git/setup.ts';

/** An agent's branch in the engine's clone, and an engine that merges so. */
async function aBranch(HARNESS_MERGE: string, messages: readonly string[]) {
  const { options, remote, main } = await setScene();
  const repos = createRepos(options);
  const engine = {
    repos,
    board: { snapshot: async () => ({ hasChecks: false }) },
    settings: parseSettings({ HARNESS_MERGE }),
  } as unknown as Engine;
  const commits: string[] = [];
  for (const [at, message] of messages.entries()) {
    const tree = git(remote, [
      'rev-parse',
      `${commitFiles(remote, `file-${at}`, { [`${at}.txt`]: 'a' })}^{tree}`,
    ]);
    commits.push(git(remote, ['commit-tree', tree, '-p', commits.at(-1) ?? main], message));
  }
  const head = commits.at(-1) ?? main;
  git(remote, ['update-ref', 'refs/heads/agent', head]);
  await repos.fetchBranch(REPO, 'agent');
  const range = { repo: REPO, base: main, head, branch: 'issue/7' };
  const publish = (commit: string) => git(remote, ['update-ref', 'refs/heads/issue/7', commit]);
  return { engine, repos, range, commits, head, publish };
}

it.each(['merge', 'rebase'])('makes commits anew that land as they are with %s', async method => {
  const { engine, repos, range, head } = await aBranch(method, ['Add it', 'Fixes #1\n\nAttempt: 9']);
  expect((await askMessages(engine, range)).failure?.class).toBe('substance');
  const checked = await checkMessages(engine, range);
  expect(checked).not.toBe(head);
  expect((await askMessages(engine, { ...range, head: checked })).failure).toBeNull();
  expect(await repos.treeOf(REPO, checked)).toBe(await repos.treeOf(REPO, head));
  expect(await checkMessages(engine, range)).toBe(checked);
});

it('leaves commits alone that the engine squashes into one of its own', async () => {
  const { engine, range, head } = await aBranch('squash', ['Fixes #1']);
  expect(await checkMessages(engine, range)).toBe(head);
});

it('leaves alone what is on the branch already, which a person may have pushed', async () => {
  const { engine, repos, range, commits, publish } = await aBranch('rebase', ['Fixes #1', 'Fixes #2']);
  const [persons = ''] = commits;
  publish(persons);
  const checked = await checkMessages(engine, range);
  expect(checked).not.toBe(range.head);
  expect(await repos.isAncestor(REPO, { ancestor: persons, commit: checked })).toBe(true);
  expect((await askMessages(engine, { ...range, head: checked })).failure?.class).toBe('substance');
});
