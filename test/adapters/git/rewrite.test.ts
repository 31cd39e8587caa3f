import { expect, it } from 'vitest';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import { git, REPO, setScene } from './setup.ts';

const NAMES = {
  GIT_AUTHOR_NAME: 'Zoë',
  GIT_AUTHOR_EMAIL: 'zoe@example.com',
  GIT_AUTHOR_DATE: '@1700000000 +0530',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  GIT_COMMITTER_DATE: '@1700000001 -0800',
};

/** A branch of four commits, the last of which merges two; the first message is left alone. */
async function aBranch() {
  const { options, remote, main } = await setScene();
  const commit = (message: string, parents: readonly string[]) => {
    const tree = git(remote, ['rev-parse', `${main}^{tree}`]);
    return git(remote, ['commit-tree', tree, ...parents.flatMap(one => ['-p', one])], message, NAMES);
  };
  const first = commit('One', [main]);
  const [left, right] = [commit('Two: Fixes #1', [first]), commit('Three', [first])];
  const head = commit('Merge', [left, right]);
  git(remote, ['update-ref', 'refs/heads/work', head]);
  const repos = createRepos(options);
  await repos.fetchBranch(REPO, 'work');
  const log = async (tip: string) => {
    const { commits } = await repos.published(REPO, { base: main, head: tip });
    return commits.map(({ text }) => text ?? '');
  };
  return { repos, main, first, left, right, head, log };
}

it('gives commits other messages and leaves all else as it is', async () => {
  const { repos, main, head, left, right, first, log } = await aBranch();
  const messages = { [left]: 'Two — ü\n' };
  const made = await repos.rewriteMessages(REPO, { base: main, head, messages });
  expect(made).not.toBe(head);
  expect(await repos.treeOf(REPO, made)).toBe(await repos.treeOf(REPO, head));
  expect(await repos.isAncestor(REPO, { ancestor: right, commit: made })).toBe(true);
  expect(await repos.isAncestor(REPO, { ancestor: first, commit: made })).toBe(true);
  expect(await repos.isAncestor(REPO, { ancestor: left, commit: made })).toBe(false);

  const names = (texts: readonly string[]) => texts.map(text => text.match(/^(?:author|committer) .*/gm));
  const [before, after] = [await log(head), await log(made)];
  expect(names(after)).toEqual(names(before));
  const said = after.map(text => text.slice(text.indexOf('\n\n') + 2).trim());
  expect(said.sort()).toEqual(['Merge', 'One', 'Three', 'Two — ü']);
});

it('makes the same commits again, and none where nothing changes', async () => {
  const { repos, main, head, left } = await aBranch();
  const rewrite = { base: main, head, messages: { [left]: 'Two\n' } };
  expect(await repos.rewriteMessages(REPO, rewrite)).toBe(await repos.rewriteMessages(REPO, rewrite));
  expect(await repos.rewriteMessages(REPO, { ...rewrite, messages: {} })).toBe(head);
});

it('takes away a signature that would no longer hold', async () => {
  const { options, remote, main } = await setScene();
  const repos = createRepos(options);
  const tree = git(remote, ['rev-parse', `${main}^{tree}`]);
  const signed = [
    `tree ${tree}`,
    `parent ${main}`,
    'author A <a@example.com> 1700000000 +0000',
    'committer A <a@example.com> 1700000000 +0000',
    'gpgsig -----BEGIN SSH SIGNATURE-----',
    ' c2lnbmVk',
    ' -----END SSH SIGNATURE-----',
    '',
    'Fixes #1',
    '',
  ].join('\n');
  const head = git(remote, ['hash-object', '-t', 'commit', '-w', '--stdin'], signed);
  git(remote, ['update-ref', 'refs/heads/work', head]);
  await repos.fetchBranch(REPO, 'work');
  const made = await repos.rewriteMessages(REPO, { base: main, head, messages: { [head]: 'Mend it\n' } });
  const { commits } = await repos.published(REPO, { base: main, head: made });
  expect(commits[0]?.text).toMatch(/^tree .*\nparent .*\nauthor .*\ncommitter .*\n\nMend it\n$/);
});
