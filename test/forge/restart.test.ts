import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import {
  APP,
  aClone,
  aForge,
  commitFile,
  git,
  octokitOf,
  pushBranch,
  remoteOf,
  temporaryDirectory,
  USERS,
} from './a-forge.ts';

test('goes on where it was stopped', async () => {
  const root = await temporaryDirectory();
  const first = await aForge({ root });
  await first.addRepository({ owner: 'acme', name: 'app', files: { 'README.md': 'x' } });
  first.addIssue({ repo: 'acme/app', title: 'T', labels: ['bug'] });
  const clone = await aClone(first);
  const head = await pushBranch(clone, 'work');
  const { rest } = octokitOf(first);
  await rest.pulls.create({ ...APP, title: 'P', head: 'work', base: 'main' });
  await rest.repos.createCommitStatus({ ...APP, sha: head, state: 'success' });
  const read = async (forge: { apiUrl: string }) => {
    const octokit = octokitOf(forge).rest;
    const answers = await Promise.all([
      octokit.issues.listForRepo({ ...APP, state: 'all' }),
      octokit.pulls.get({ ...APP, pull_number: 2 }),
      octokit.repos.getCombinedStatusForRef({ ...APP, ref: 'work' }),
    ]);
    return answers.map(({ data }) => JSON.stringify(data).replaceAll(forge.apiUrl, ''));
  };
  const before = await read(first);
  await first.close();

  const second = await aForge({ root });
  expect(await read(second)).toEqual(before);
  await expect(second.addRepository({ owner: 'acme', name: 'APP' })).rejects.toThrow('Validation Failed');
  const { data } = await octokitOf(second).rest.issues.create({ ...APP, title: 'Next' });
  expect(data.number).toBe(3);
});

test('finds out after a restart what a push changed that it did not see', async () => {
  const root = await temporaryDirectory();
  const first = await aForge({ root });
  await first.addRepository({ owner: 'acme', name: 'app', files: { 'README.md': 'x' } });
  first.addIssue({ repo: 'acme/app', title: 'T' });
  const clone = await aClone(first);
  await pushBranch(clone, 'work');
  await octokitOf(first).rest.pulls.create({ ...APP, title: 'P', head: 'work', base: 'main' });
  await first.close();
  const head = await commitFile(clone, 'more', 'more');
  const bare = join(root, 'git/acme/app.git');
  await git(clone, 'push', '--quiet', bare, 'work');
  await git(clone, 'checkout', '--quiet', 'main');
  await commitFile(clone, 'fix', 'fix', 'Fixes #1');
  await git(clone, 'push', '--quiet', bare, 'main');

  const { rest } = octokitOf(await aForge({ root }));
  expect((await rest.pulls.get({ ...APP, pull_number: 2 })).data.head.sha).toBe(head);
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.state).toBe('closed');
});

test('finishes after a restart the merge that it was killed in', async () => {
  const root = await temporaryDirectory();
  const first = await aForge({ root });
  await first.addRepository({ owner: 'acme', name: 'app', files: { 'README.md': 'x' } });
  first.addIssue({ repo: 'acme/app', title: 'T' });
  const clone = await aClone(first);
  await pushBranch(clone, 'work');
  await octokitOf(first).rest.pulls.create({
    ...APP,
    title: 'P',
    head: 'work',
    base: 'main',
    body: 'Closes #1',
  });
  await first.close();
  // A squash leaves no trace of the head in the base: only the record tells what was being merged.
  await git(clone, 'checkout', '--quiet', 'main');
  await git(clone, 'merge', '--quiet', '--squash', 'work');
  await git(clone, 'commit', '--quiet', '-m', 'P (#2)');
  const commit = await git(clone, 'rev-parse', 'HEAD');
  await git(clone, 'push', '--quiet', join(root, 'git/acme/app.git'), 'main');
  const path = join(root, 'records/repositories/acme/app/issues/2.json');
  const record = JSON.parse(await readFile(path, 'utf8')) as { pull: object };
  await writeFile(
    path,
    JSON.stringify({ ...record, pull: { ...record.pull, merging: { commit, by: 'acme' } } }),
  );

  const { rest } = octokitOf(await aForge({ root }));
  expect((await rest.pulls.get({ ...APP, pull_number: 2 })).data).toMatchObject({
    merged: true,
    merge_commit_sha: commit,
    merged_by: { login: 'acme' },
  });
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.state).toBe('closed');
});

/** A forge in a process of its own, which can be killed. */
async function aForgeProcess(root: string) {
  const program = join(await temporaryDirectory(), 'forge.mjs');
  const source = `
    import { startForge } from './src/forge/index.ts';
    const forge = await startForge({ root: ${JSON.stringify(root)}, users: ${JSON.stringify(USERS)} });
    if (!process.argv.includes('again')) {
      await forge.addRepository({ owner: 'acme', name: 'app', files: { 'README.md': 'x' } });
    }
    console.log(forge.url);`;
  await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return async (...args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    const kill = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { url, apiUrl: url, kill };
  };
}

test('loses nothing that it answered when it is killed in the middle of writing', async () => {
  const root = await temporaryDirectory();
  const start = await aForgeProcess(root);
  const first = await start();
  const { rest } = octokitOf(first);
  const created: number[] = [];
  const writing = (async () => {
    for (;;) {
      const { data } = await rest.issues.create({ ...APP, title: 'T', labels: ['bug'] });
      created.push(data.number);
      if (created.length === 25) void first.kill();
    }
  })();
  await writing.catch(() => undefined);
  expect(created.length).toBeGreaterThanOrEqual(25);

  const second = await start('again');
  const octokit = octokitOf(second);
  const kept = await octokit.paginate(octokit.rest.issues.listForRepo, { ...APP, per_page: 100 });
  expect(kept.map(({ number }) => number)).toEqual(expect.arrayContaining(created));
  expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
  expect(kept.length - created.length).toBeLessThanOrEqual(1);
  await git('/', 'ls-remote', remoteOf(second));
});
