import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APP, aClone, aForgeWithRepository, commitFile, git, octokitOf, pushBranch } from './a-forge.ts';

test('carries a branch from a push through a pull request to a merge that closes its issue', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const issue = forge.addIssue({ repo: 'acme/app', title: 'Add a file', labels: ['ready-for-agent'] });
  const clone = await aClone(forge);
  const head = await pushBranch(clone, 'issue/1');

  const { data: pull } = await rest.pulls.create({
    ...APP,
    title: 'Add it',
    body: `Closes #${issue}`,
    head: 'issue/1',
    base: 'main',
  });
  expect(pull).toMatchObject({ number: 2, mergeable: true, mergeable_state: 'clean', head: { sha: head } });
  expect(await git(clone, 'ls-remote', 'origin', 'refs/pull/2/head')).toContain(head);

  const merge = await rest.pulls.merge({ ...APP, pull_number: 2, merge_method: 'squash', sha: head });
  await git(clone, 'fetch', '--quiet');
  expect(await git(clone, 'rev-parse', 'origin/main')).toBe(merge.data.sha);
  expect(await git(clone, 'log', '-1', '--format=%s', 'origin/main')).toBe('Add issue-1.txt (#2)');
  expect((await rest.issues.get({ ...APP, issue_number: issue })).data).toMatchObject({
    state: 'closed',
    state_reason: 'completed',
    closed_by: { login: 'acme' },
  });
  const merged = await rest.pulls.get({ ...APP, pull_number: 2 });
  expect(merged.data).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: merge.data.sha });
});

test('moves the pull request with its branch, and closes it when the branch is deleted', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  await pushBranch(clone, 'work');
  await rest.pulls.create({ ...APP, title: 'Work', head: 'acme:work', base: 'main' });

  const next = await commitFile(clone, 'more.txt', 'more');
  await git(clone, 'push', '--quiet', 'origin', 'work');
  const { data: moved } = await rest.pulls.get({ ...APP, pull_number: 1 });
  expect(moved).toMatchObject({ commits: 2, changed_files: 2, additions: 2, head: { sha: next } });

  await git(clone, 'push', '--quiet', 'origin', '--delete', 'work');
  const { data: closed } = await rest.pulls.get({ ...APP, pull_number: 1 });
  expect(closed).toMatchObject({ state: 'closed', merged: false });
});

test('refuses a merge whose head is another one, that conflicts, or that was done before', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  for (const branch of ['first', 'second']) {
    await pushBranch(clone, branch, { path: 'src/a.txt', text: `${branch}\n` });
    await rest.pulls.create({ ...APP, title: branch, head: branch, base: 'main' });
  }
  const merge = (pull_number: number, sha?: string) =>
    rest.pulls.merge({ ...APP, pull_number, ...(sha === undefined ? {} : { sha }) });

  await expect(merge(1, '0'.repeat(40))).rejects.toMatchObject({ status: 409 });
  await merge(1);
  await expect(merge(1)).rejects.toMatchObject({ status: 405 });
  await expect(merge(2)).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('not mergeable'),
  });
  const { data } = await rest.pulls.get({ ...APP, pull_number: 2 });
  expect(data).toMatchObject({ mergeable: false, mergeable_state: 'dirty', state: 'open' });
});

test('merges with two parents, and by copying commits', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  await pushBranch(clone, 'one');
  await pushBranch(clone, 'two');
  await commitFile(clone, 'three.txt', 'three', 'Third');
  await git(clone, 'push', '--quiet', 'origin', 'two');
  for (const head of ['one', 'two']) await rest.pulls.create({ ...APP, title: head, head, base: 'main' });

  await rest.pulls.merge({ ...APP, pull_number: 1, commit_title: 'Land one', commit_message: 'By hand.' });
  await rest.pulls.merge({ ...APP, pull_number: 2, merge_method: 'rebase' });
  await git(clone, 'fetch', '--quiet');
  const log = await git(clone, 'log', '--first-parent', '--format=%s|%an|%cn|%p', 'origin/main');
  expect(log.split('\n').map(line => line.split('|').slice(0, 3).join('|'))).toEqual([
    'Third|Ann|GitHub',
    'Add two.txt|Ann|GitHub',
    'Land one|acme|GitHub',
    'Initial commit|acme|acme',
  ]);
  expect(log.split('\n')[2]?.split('|')[3]?.split(' ')).toHaveLength(2);
});

test('refuses a pull request without commits, without a branch, or beside an open one', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  await git(clone, 'push', '--quiet', 'origin', 'main:same');
  await pushBranch(clone, 'work');
  const open = (head: string) => rest.pulls.create({ ...APP, title: 'T', head, base: 'main' });

  await expect(open('same')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('No commits between'),
  });
  await expect(open('gone')).rejects.toMatchObject({ status: 422 });
  await open('work');
  await expect(open('work')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('already exists'),
  });
});

test('marks a pull request as merged when its commits reach the base by a push', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  const head = await pushBranch(clone, 'work');
  forge.addIssue({ repo: 'acme/app', title: 'T' });
  await rest.pulls.create({ ...APP, title: 'Work', head: 'work', base: 'main', body: 'Resolves: #1' });
  await git(clone, 'push', '--quiet', 'origin', 'work:main');
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.state).toBe('closed');
  const { data } = await rest.pulls.get({ ...APP, pull_number: 2 });
  expect(data).toMatchObject({ merged: true, merge_commit_sha: head, merged_by: { login: 'acme' } });
});

test('closes what commits on the default branch name', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  for (const title of ['a', 'b', 'c', 'd']) forge.addIssue({ repo: 'acme/app', title });
  const clone = await aClone(forge);
  await commitFile(clone, 'x', 'x', 'Fixes #1, resolved acme/app#2, `closes #3`, see #4');
  await git(clone, 'push', '--quiet', 'origin', 'main');
  const { data } = await rest.issues.listForRepo({ ...APP, state: 'closed' });
  expect(data.map(({ number }) => number).sort()).toEqual([1, 2]);
});

test('tries the merge of a commit from long ago', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  const [start, tree] = [await git(clone, 'rev-parse', 'HEAD'), await git(clone, 'rev-parse', 'HEAD^{tree}')];
  const who = 'Ann <ann@example.com> 0 +0000';
  const commit = join(clone, 'old-commit');
  await writeFile(commit, `tree ${tree}\nparent ${start}\nauthor ${who}\ncommitter ${who}\n\nOld\n`);
  const head = await git(clone, 'hash-object', '-t', 'commit', '-w', commit);
  await git(clone, 'push', '--quiet', 'origin', `${head}:refs/heads/old`);
  await commitFile(clone, 'new.txt', 'new');
  await git(clone, 'push', '--quiet', 'origin', 'main');
  const { data } = await rest.pulls.create({ ...APP, title: 'Old', head: 'old', base: 'main' });
  expect((await rest.pulls.get({ ...APP, pull_number: data.number })).data.mergeable).toBe(true);
});
