import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { redact } from '../../../src/adapters/git/failures.ts';
import type { GitOptions } from '../../../src/adapters/git/options.ts';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import type { Log, RefUpdate } from '../../../src/ports.ts';
import { entry } from './records.ts';
import { AGENT, commandLines, git, portsOf, REF, REPO, type Scene, setScene } from './setup.ts';

const SECRET = 'ghs_s3cret/with+signs';
const claim = (): RefUpdate => ({ kind: 'journal', ref: REF, expected: null, entries: [entry()] });
const basic = (password: string) => `Basic ${btoa(`x-access-token:${password}`)}`;

/** Makes the server ask for the secret, and options that know it. */
function lock(
  { server, options }: Scene,
  hear: (authorization?: string) => void = () => undefined,
): GitOptions {
  server.onRequest(({ headers: { authorization } }) => {
    hear(authorization);
    return authorization === basic(SECRET) ? 'none' : 401;
  });
  return { ...options, credentials: async () => ({ username: 'x-access-token', password: SECRET }) };
}

it('proves who it is to a remote that asks, for every command that talks to it', async () => {
  const scene = await setScene();
  const { refs, repos } = portsOf(lock(scene));
  expect(await repos.fetchBranch(REPO, 'main')).toBe(scene.main);
  expect(await refs.push(REPO, [claim()])).toMatchObject({ kind: 'done' });
  expect((await refs.read(REPO)).journals).toHaveLength(1);
});

it('shows the secret in no command line, file, log or error', async () => {
  const scene = await setScene();
  const seen: string[] = [];
  const said: string[] = [];
  const note = (message: string, facts?: unknown) => void said.push(`${message} ${JSON.stringify(facts)}`);
  const log: Log = { debug: note, info: note, warn: note };
  // Every process of this host, while git and its children wait for the answer.
  const options = lock(scene, () => seen.push(...commandLines()));
  const wrapper = join(scene.dir, 'bin');
  mkdirSync(wrapper);
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(wrapper, 'git'),
    `#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline >> ${scene.dir}/argv\nexec ${real} "$@"\n`,
  );
  chmodSync(join(wrapper, 'git'), 0o755);
  const env = { PATH: `${wrapper}:${process.env.PATH}` };
  const { refs, repos } = portsOf({ ...options, env, log });
  await repos.fetchBranch(REPO, 'main');
  expect(await refs.push(REPO, [claim()])).toMatchObject({ kind: 'done' });
  await refs.read(REPO);
  scene.server.onRequest(() => 403);
  const failure = await refs.read(REPO).catch((error: unknown) => error);
  said.push(String(failure), JSON.stringify(failure, Object.getOwnPropertyNames(failure)));

  expect(seen.filter(line => line.includes('git-receive-pack') || line.includes('remote-http'))).not.toEqual(
    [],
  );
  expect(readFileSync(join(scene.dir, 'argv'), 'utf8')).toContain('git push --atomic');
  const places = [...seen, ...said, readFileSync(join(scene.dir, 'argv'), 'utf8'), ...textsBelow(scene.dir)];
  for (const form of [SECRET, encodeURIComponent(SECRET), basic(SECRET)]) {
    expect(places.filter(text => text.includes(form))).toEqual([]);
  }
});

it('takes the secret out of what git writes, however it is spelt', () => {
  const credentials = { username: 'x-access-token', password: SECRET };
  const text = `a ${SECRET} b ${encodeURIComponent(SECRET)} c ${basic(SECRET)}`;
  expect(redact(text, credentials)).toBe('a *** b *** c Basic ***');
});

it('tells its secret to no other host than its remote', async () => {
  const scene = await setScene();
  const stranger = await setScene();
  const heard: (string | undefined)[] = [];
  stranger.server.onRequest(request => {
    heard.push(request.headers.authorization);
    return 401;
  });
  const options = lock(scene);
  scene.server.redirectTo(stranger.server.url);
  await expect(createRefs(options).read(REPO)).rejects.toMatchObject({ code: 'not-logged-in' });
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.filter(header => header !== undefined)).toEqual([]);
});

it('is untouched by what the environment, the user and the system configured', async () => {
  const scene = await setScene();
  const home = join(scene.dir, 'home');
  const marker = join(scene.dir, 'executed');
  const trap = join(scene.dir, 'trap');
  mkdirSync(join(home, '.config/git'), { recursive: true });
  writeFileSync(trap, `#!/bin/sh\ntouch ${marker}\n`);
  chmodSync(trap, 0o755);
  const hostile = [
    `[url "http://127.0.0.1:1/"]\n\tinsteadOf = ${scene.server.url}/`,
    `[core]\n\thooksPath = ${home}\n\tfsmonitor = ${trap}\n\texcludesFile = ${home}/ignore`,
    `[credential]\n\thelper = !${trap}`,
    `[filter "x"]\n\tclean = ${trap}\n\tsmudge = ${trap}`,
    '[user]\n\tname = Mallory\n\temail = mallory@example.com',
    '[commit]\n\tgpgSign = true\n[push]\n\tgpgSign = true\n[fetch]\n\tprune = false',
  ].join('\n');
  writeFileSync(join(home, '.gitconfig'), hostile);
  writeFileSync(join(home, '.config/git/config'), hostile);
  writeFileSync(join(home, '.config/git/ignore'), '*\n');
  writeFileSync(join(home, '.config/git/attributes'), '* text eol=crlf filter=x\n');
  writeFileSync(join(home, 'ignore'), '*\n');
  writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login mallory password netrc\n', { mode: 0o600 });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_DIR: join(scene.dir, 'nowhere'),
    GIT_WORK_TREE: home,
    GIT_INDEX_FILE: join(scene.dir, 'nowhere/index'),
    GIT_OBJECT_DIRECTORY: join(scene.dir, 'nowhere/objects'),
    GIT_NAMESPACE: 'other',
    GIT_CONFIG_PARAMETERS: `'core.hooksPath'='${home}'`,
    GIT_CONFIG: join(home, '.gitconfig'),
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_SSH_COMMAND: trap,
    GIT_ASKPASS: trap,
    SSH_ASKPASS: trap,
    GIT_EXTERNAL_DIFF: trap,
    GIT_TRACE: join(scene.dir, 'trace'),
    GIT_AUTHOR_NAME: 'Mallory',
  };
  const heard: (string | undefined)[] = [];
  const options = lock(scene, authorization => heard.push(authorization));
  const { refs, repos } = portsOf({ ...options, env });
  const start = await repos.fetchBranch(REPO, 'main');
  const path = join(scene.dir, 'tree');
  await repos.createWorktree({ repo: REPO, path, branch: 'issue/7', start, identity: AGENT });
  writeFileSync(join(path, 'new.txt'), 'new\n');
  expect(await repos.dirtyPaths({ repo: REPO, path, head: start })).toEqual(['new.txt']);
  const saved = (await repos.saveWorktree({ repo: REPO, path, head: start, message: 'Checkpoint' })) ?? '';
  expect(await refs.push(REPO, [claim()])).toMatchObject({ kind: 'done' });
  expect(git(scene.remote, ['log', '-1', '--format=%an <%ae> %cn', REF])).toBe(
    'Harness <harness@example.com> Harness',
  );
  expect(git(`${scene.dir}/clones/acme__app.git`, ['log', '-1', '--format=%an', saved])).toBe('Harness');
  await repos.merge(REPO, { base: start, head: saved });
  await repos.checkout({ repo: REPO, commit: saved, path: join(scene.dir, 'verify') });
  expect(readFileSync(join(path, 'README.md'), 'utf8')).toBe('hello\n');
  expect(new Set(heard)).toEqual(new Set([undefined, basic(SECRET)]));
  expect([existsSync(marker), existsSync(join(scene.dir, 'trace'))]).toEqual([false, false]);
});

it('inherits nothing from this process', async () => {
  const { options, dir } = await setScene();
  vi.stubEnv('GIT_TRACE', join(dir, 'trace'));
  vi.stubEnv('GIT_OBJECT_DIRECTORY', join(dir, 'nowhere'));
  onTestFinished(() => void vi.unstubAllEnvs());
  await createRepos(options).fetchBranch(REPO, 'main');
  expect([existsSync(join(dir, 'trace')), existsSync(join(dir, 'nowhere'))]).toEqual([false, false]);
});

it.each(['ext::touch executed', 'ssh://127.0.0.1/x', 'git://127.0.0.1/x'])('does not speak %s', async url => {
  const { options } = await setScene();
  const repos = createRepos({ ...options, remoteUrl: () => url });
  await expect(repos.fetchBranch(REPO, 'main')).rejects.toThrow('not allowed');
});

it('refuses a name that would lead out of the directory of clones', async () => {
  const { options } = await setScene();
  for (const repo of ['../evil', 'a/b/c', 'a/..', '']) {
    await expect(createRepos(options).fetchBranch(repo, 'main')).rejects.toMatchObject({
      code: 'config-invalid',
    });
  }
});

function textsBelow(dir: string): string[] {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(found => found.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
}
