import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { webStreamOf } from '../../src/forge/git/chunks.ts';
import {
  APP,
  aClone,
  aForgeWithRepository,
  commitFile,
  git,
  octokitOf,
  pushBranch,
  remoteOf,
  temporaryDirectory,
} from './a-forge.ts';

const ABSENT = '0'.repeat(40);

/** What a git command that must fail says. */
async function failureOf(cwd: string, ...args: string[]): Promise<string> {
  const result = await git(cwd, ...args).catch((error: { stderr: string }) => error);
  if (typeof result === 'string') throw new Error(`git ${args.join(' ')} succeeded`);
  return result.stderr;
}

test('clones, takes pushes and serves fetches', async () => {
  const forge = await aForgeWithRepository();
  const writer = await aClone(forge);
  const reader = await aClone(forge, 'token-eve');
  await writeFile(join(writer, 'big.bin'), randomBytes(3_000_000));
  await git(writer, 'add', '.');
  const head = await commitFile(writer, 'b.txt', 'b');
  await git(writer, 'push', '--quiet', 'origin', 'main');
  await git(reader, 'fetch', '--quiet');
  expect(await git(reader, 'rev-parse', 'origin/main')).toBe(head);
  const shallow = join(await temporaryDirectory(), 'shallow');
  await git('/', 'clone', '--quiet', '--depth=1', '--no-local', remoteOf(forge), shallow);
  expect(await git(shallow, 'rev-list', '--count', 'HEAD')).toBe('1');
});

test('refuses a wrong token, a reader who pushes, and a stranger who looks at what is private', async () => {
  const forge = await aForgeWithRepository();
  await forge.addRepository({ owner: 'acme', name: 'secret', private: true, roles: {}, files: { a: 'a' } });
  expect(await failureOf('/', 'ls-remote', remoteOf(forge, 'wrong', 'acme/secret'))).toContain(
    'Authentication failed',
  );
  expect(await failureOf('/', 'ls-remote', remoteOf(forge, 'token-eve', 'acme/secret'))).toContain(
    'not found',
  );
  expect(await failureOf('/', 'ls-remote', `${forge.url}/acme/secret.git`)).toContain(
    'could not read Username',
  );
  expect(await git('/', 'ls-remote', `${forge.url}/acme/app.git`)).toContain('refs/heads/main');
  const clone = await aClone(forge, 'token-eve');
  await commitFile(clone, 'x', 'x');
  expect(await failureOf(clone, 'push', 'origin', 'main')).toContain('403');
  const bearer = `http.extraHeader=Authorization: Bearer token-acme`;
  expect(await failureOf('/', '-c', bearer, 'ls-remote', `${forge.url}/acme/secret.git`)).toContain(
    'could not read',
  );
});

test('moves refs of any namespace by compare-and-swap', async () => {
  const forge = await aForgeWithRepository();
  const clone = await aClone(forge);
  const ref = 'refs/harness/issues/7';
  const first = await commitFile(clone, 'one', '1');
  await git(clone, 'push', '--quiet', `--force-with-lease=${ref}:`, 'origin', `${first}:${ref}`);
  const second = await commitFile(clone, 'two', '2');
  expect(
    await failureOf(clone, 'push', `--force-with-lease=${ref}:`, 'origin', `${second}:${ref}`),
  ).toContain('stale info');
  await git(clone, 'push', '--quiet', `--force-with-lease=${ref}:${first}`, 'origin', `${second}:${ref}`);
  const { rest } = octokitOf(forge);
  const { data } = await rest.git.getRef({ ...APP, ref: 'harness/issues/7' });
  expect(data.object.sha).toBe(second);
  await expect(rest.git.createRef({ ...APP, ref, sha: first })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('Reference already exists'),
  });
});

test('moves all refs of an atomic push or none', async () => {
  const forge = await aForgeWithRepository();
  const clone = await aClone(forge);
  const commit = await commitFile(clone, 'one', '1');
  const refs = [`${commit}:refs/harness/issues/1`, `${commit}:refs/heads/work`];
  const lease = `--force-with-lease=refs/harness/issues/1:${ABSENT.replace(/0$/, '1')}`;
  expect(await failureOf(clone, 'push', '--atomic', lease, 'origin', ...refs)).toContain(
    'atomic push failed',
  );
  expect(await git(clone, 'ls-remote', 'origin', 'refs/heads/work', 'refs/harness/*')).toBe('');
  await git(
    clone,
    'push',
    '--quiet',
    '--atomic',
    '--force-with-lease=refs/harness/issues/1:',
    'origin',
    ...refs,
  );
  expect(
    (await git(clone, 'ls-remote', 'origin', 'refs/heads/work', 'refs/harness/*')).split('\n'),
  ).toHaveLength(2);
});

test('keeps the refs of pull requests to itself', async () => {
  const forge = await aForgeWithRepository();
  const clone = await aClone(forge);
  const head = await pushBranch(clone, 'work');
  await octokitOf(forge).rest.pulls.create({ ...APP, title: 'T', head: 'work', base: 'main' });
  expect(await failureOf(clone, 'push', 'origin', 'HEAD:refs/pull/1/head')).toContain(
    'deny updating a hidden ref',
  );
  await git(clone, 'fetch', '--quiet', 'origin', 'refs/pull/1/merge');
  expect(await git(clone, 'rev-parse', 'FETCH_HEAD^2')).toBe(head);
});

test('has settled what a push changes before the push is answered', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const clone = await aClone(forge);
  await pushBranch(clone, 'work');
  await rest.pulls.create({ ...APP, title: 'T', head: 'work', base: 'main' });
  for (let n = 0; n < 3; n += 1) {
    const head = await commitFile(clone, 'n', `${n}`);
    await git(clone, 'push', '--quiet', 'origin', 'work');
    expect((await rest.pulls.get({ ...APP, pull_number: 1 })).data.head.sha).toBe(head);
  }
});

test('lists the routes of git in the request log', async () => {
  const forge = await aForgeWithRepository();
  await pushBranch(await aClone(forge), 'work');
  expect(
    forge.requests.count({ route: '/{owner}/{repo}/git-receive-pack', method: 'POST', login: 'acme' }),
  ).toBe(1);
  expect(forge.requests.cost()).toBe(0);
});

test('copies a repository of this machine without touching it', async () => {
  const forge = await aForgeWithRepository();
  const source = await aClone(forge);
  const head = await pushBranch(source, 'work');
  const before = await git(source, 'for-each-ref');
  await forge.addRepository({ owner: 'acme', name: 'copy', defaultBranch: 'work', copyOf: source });
  const { data } = await octokitOf(forge).rest.repos.getBranch({
    owner: 'acme',
    repo: 'copy',
    branch: 'work',
  });
  expect(data.commit.sha).toBe(head);
  expect(await git(source, 'for-each-ref')).toBe(before);
});

test('outlives a client that leaves in the middle of an answer', async () => {
  const { stdout } = spawn('head', ['-c', '3000000', '/dev/zero'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const reader = webStreamOf(stdout).getReader();
  await vi.waitUntil(() => stdout.readableLength > 0, { timeout: 20_000 });
  await reader.read();
  const more = [reader.read(), reader.read(), reader.read()];
  const closed = new Promise(resolve => stdout.once('close', resolve));
  await reader.cancel();
  await Promise.all([...more, closed]);
  expect(stdout.destroyed).toBe(true);
});
