import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GitOptions } from '../../../src/adapters/git/options.ts';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import { createGit } from '../../../src/adapters/git/run-git.ts';
import type { RefUpdate } from '../../../src/ports.ts';
import type { Fault } from '../../helpers/git-server.ts';
import { entry } from './records.ts';
import {
  commandLines,
  commitFiles,
  git,
  journalOf,
  optionsFor,
  portsOf,
  push,
  REF,
  REPO,
  type Scene,
  setScene,
} from './setup.ts';

const BRANCH = 'refs/heads/issue/7';
const claim = (): RefUpdate => ({ kind: 'journal', ref: REF, expected: null, entries: [entry()] });

const isPush = (request: string) => request === 'POST /acme/app.git/git-receive-pack';

/** Options under which something happens just before the n-th command that talks to the remote. */
function beforeCommand(nth: number, { options }: Scene, happen: () => Promise<unknown>): GitOptions {
  let asked = 0;
  const credentials = async () => {
    asked += 1;
    if (asked === nth) await happen();
    return null;
  };
  return { ...options, credentials };
}

/** Makes the next pushes meet these faults, in order; every other request is served. */
function failPushes({ server }: Scene, ...faults: readonly Fault[]): void {
  const left = [...faults];
  server.onRequest(({ method, url }) => (isPush(`${method} ${url}`) ? (left.shift() ?? 'none') : 'none'));
}

it.each([false, true])(
  'knows that it won when only the answer was lost (sent again by libcurl: %s)',
  async again => {
    const scene = await setScene();
    const { refs, repos } = portsOf(scene.options);
    await repos.fetchBranch(REPO, 'main');
    if (again) scene.server.keepConnections();
    failPushes(scene, 'drop-after');
    const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: null, target: scene.main };
    const result = await refs.push(REPO, [claim(), branch]);
    expect(result).toEqual({ kind: 'done', tips: { [REF]: scene.tipOf(REF), [BRANCH]: scene.main } });
    expect(scene.server.requests.filter(isPush)).toHaveLength(again ? 2 : 1);
  },
);

it('knows that it won although its lease has moved on since', async () => {
  const scene = await setScene();
  const other = createRefs(optionsFor(`${scene.dir}/other`, scene.server.url));
  failPushes(scene, 'drop-after');
  const overtake = async () => {
    const tip = scene.tipOf(REF);
    await other.read(REPO);
    await push(other, REF, tip, [entry({ op: 'takeover', epoch: 2, seq: 2 })]);
  };
  const result = await createRefs(beforeCommand(2, scene, overtake)).push(REPO, [claim()]);
  expect(result.kind).toBe('done');
  expect((await journalOf(other, REF)).entries).toHaveLength(2);
});

it('knows that it lost when the push never arrived and somebody else took the lease', async () => {
  const scene = await setScene();
  const other = createRefs(optionsFor(`${scene.dir}/other`, scene.server.url));
  failPushes(scene, 'drop-before');
  const overtake = () => push(other, REF, null, [entry({ fleet: 'fleet-b' })]);
  expect(await createRefs(beforeCommand(2, scene, overtake)).push(REPO, [claim()])).toMatchObject({
    kind: 'lost',
  });
});

it.each<Fault>(['drop-before', 500])('pushes once more when nothing moved (%s)', async fault => {
  const scene = await setScene();
  failPushes(scene, fault);
  const result = await createRefs(scene.options).push(REPO, [claim()]);
  expect(result).toEqual({ kind: 'done', tips: { [REF]: scene.tipOf(REF) } });
});

it('does not take a branch that was there before for a sign that it won', async () => {
  const scene = await setScene();
  const { refs, repos } = portsOf(scene.options);
  await repos.fetchBranch(REPO, 'main');
  git(scene.remote, ['update-ref', BRANCH, scene.main]);
  failPushes(scene, 'drop-before', 'drop-before');
  const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: scene.main, target: scene.main };
  expect(await refs.push(REPO, [claim(), branch])).toMatchObject({ kind: 'unknown' });
  expect(scene.tipOf(REF)).toBe(null);
});

it('does not know when it failed twice, and nothing has moved', async () => {
  const scene = await setScene();
  failPushes(scene, 500, 'drop-before');
  expect(await createRefs(scene.options).push(REPO, [claim()])).toMatchObject({ kind: 'unknown' });
  expect(scene.tipOf(REF)).toBe(null);
});

it('does not know when the refs could not be read back', async () => {
  const scene = await setScene();
  let hasPushed = false;
  scene.server.onRequest(({ method, url }) => {
    if (isPush(`${method} ${url}`)) {
      hasPushed = true;
      return 'drop-after';
    }
    return hasPushed ? 500 : 'none';
  });
  const result = await createRefs(scene.options).push(REPO, [claim()]);
  expect(result).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/\w/) });
  expect(scene.tipOf(REF)).not.toBe(null);
  expect(scene.server.requests.filter(request => request.includes('service=git-receive-pack'))).toHaveLength(
    1,
  );
});

it.each([
  [401, 'not-logged-in'],
  [403, 'github-refused'],
  [429, 'github-limited'],
] as const)('says what the remote has against us (%i)', async (status, code) => {
  const scene = await setScene();
  scene.server.onRequest(() => status);
  const refs = createRefs(scene.options);
  await expect(refs.read(REPO)).rejects.toMatchObject({ code });
  await expect(refs.push(REPO, [claim()])).rejects.toMatchObject({ code });
  await expect(createRepos(scene.options).fetchBranch(REPO, 'main')).rejects.toMatchObject({ code });
});

it('never takes an unreachable remote for an empty one', async () => {
  const scene = await setScene();
  const options = optionsFor(`${scene.dir}/clones`, 'http://127.0.0.1:1');
  const [refs, repos] = [createRefs(options), createRepos(options)];
  await expect(refs.read(REPO)).rejects.toMatchObject({ code: 'github-unreachable' });
  await expect(repos.remoteBranch(REPO, 'main')).rejects.toMatchObject({ code: 'github-unreachable' });
  expect(await refs.push(REPO, [claim()])).toMatchObject({ kind: 'unknown' });
});

it('ends a git that waits for ever, with the process that it waits for', async () => {
  const { options, server, dir } = await setScene();
  await createRefs(options).read(REPO);
  server.onRequest(() => 'hang');
  const run = await createGit(options).attempt({
    gitDir: `${dir}/clones/acme__app.git`,
    args: ['ls-remote', options.remoteUrl(REPO)],
    remote: REPO,
    limitMs: 200,
  });
  expect(run.exit).toBe(null);
  expect(commandLines().filter(line => line.includes(server.url))).toEqual([]);
});

it('gets over refs that a power loss emptied', async () => {
  const scene = await setScene();
  const { refs, repos } = portsOf(scene.options);
  await repos.fetchBranch(REPO, 'main');
  await push(refs, REF, null, [entry()]);
  const damaged = `${scene.dir}/clones/acme__app.git/refs/harness-local/pins/damaged`;
  writeFileSync(damaged, '');
  expect((await refs.read(REPO)).journals).toHaveLength(1);
  const next = commitFiles(scene.remote, 'main', { 'b.txt': 'b\n' });
  writeFileSync(`${scene.dir}/clones/acme__app.git/refs/harness-local/empty`, '');
  expect(await repos.fetchBranch(REPO, 'main')).toBe(next);
});

it('says that a repository does not exist', async () => {
  const { options } = await setScene();
  await expect(createRefs(options).read('acme/none')).rejects.toMatchObject({
    code: 'github-refused',
    message: expect.stringContaining('acme/none'),
  });
});

it('says what is wrong with the disk', async () => {
  const { options, dir } = await setScene();
  writeFileSync(join(dir, 'file'), '');
  const refs = createRefs({ ...options, clonesDir: join(dir, 'file', 'clones') });
  await expect(refs.read(REPO)).rejects.toMatchObject({
    code: 'git-failed',
    fix: expect.stringContaining('disk'),
  });
});

it('says that git is missing', async () => {
  const { options, dir } = await setScene();
  const refs = createRefs({ ...options, env: { PATH: dir } });
  await expect(refs.read(REPO)).rejects.toMatchObject({ code: 'tool-missing' });
});
