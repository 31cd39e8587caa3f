import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { until } from './fleet.ts';
import { aDir, everythingIn, ownRepository } from './own-repository.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/harness');
const ENV = { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

interface Facts {
  readonly url: string;
  readonly created: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the forge and returns what it printed, and how to end it; it is ended after the test anyway. */
async function startForge(cwd: string, ...args: readonly string[]) {
  const forge = execa(PROGRAM, ['forge', ...args], {
    cwd,
    env: ENV,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  let printed = '';
  forge.stdout.on('data', chunk => {
    printed += chunk;
  });
  const stop = async () => {
    forge.kill('SIGINT');
    return await forge;
  };
  onTestFinished(async () => void (await stop()));
  await until('the forge listens', 60_000, () => printed.endsWith('\n') || forge.exitCode !== null);
  return { printed, stop };
}

async function startForgeWithJson(cwd: string, ...args: readonly string[]): Promise<Facts> {
  const { printed } = await startForge(cwd, ...args, '--json');
  return JSON.parse(printed) as Facts;
}

async function issuesOf({ url }: Facts, repo: string) {
  const response = await fetch(`${url}/repos/${repo}/issues?direction=asc`);
  return (await response.json()) as { title: string; user: { login: string }; labels: { name: string }[] }[];
}

it('makes a copy of a repository with issues from a file, and writes nothing to the original', async () => {
  const [dir, repository] = [aDir(), ownRepository()];
  writeFileSync(path.join(dir, 'issues.md'), '# First\nLabels: bug\n\n# Second\n\nDo it.\n');
  const before = everythingIn(repository);
  const facts = await startForgeWithJson(
    dir,
    ...['--root', 'state', '--login', 'ann', '--repo', repository, '--issues', 'issues.md'],
  );
  expect(facts.created).toEqual(['ann/my-app']);
  expect(await issuesOf(facts, 'ann/my-app')).toMatchObject([
    { title: 'First', user: { login: 'ann' }, labels: [{ name: 'bug' }] },
    { title: 'Second', labels: [{ name: 'ready-for-agent' }] },
  ]);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: dir, env: ENV })).stdout;
  await git('clone', '--quiet', `http://ann:forge-token@${new URL(facts.url).host}/ann/my-app.git`);
  const clone = path.join(dir, 'my-app');
  expect(await git('-C', clone, 'branch', '--show-current')).toBe('trunk');
  expect(await git('-C', clone, 'branch', '--remotes', '--list', 'origin/*')).toContain('origin/other');
  expect(await git('-C', clone, 'tag')).toBe('v1');
  expect(await git('-C', clone, 'show', 'HEAD:README.md')).toBe('# mine');
  await git(
    '-C',
    clone,
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'x',
  );
  await git('-C', clone, 'push', '--quiet', 'origin', 'trunk');
  expect(everythingIn(repository)).toEqual(before);
});

it('goes on with what it has, and says how to use git, gh and harness with it', async () => {
  const dir = aDir();
  writeFileSync(path.join(dir, 'issues.json'), '[{"title": "Only"}]');
  const args = ['--root', 'my state', '--repo', 'acme/app', '--issues', 'issues.json'];
  const first = await startForge(dir, ...args);
  expect(first.printed).toContain('Created acme/app, with 1 issue.');
  expect(first.printed).toMatch(/git clone http:\/\/me:forge-token@127\.0\.0\.1:\d+\/acme\/app\.git/);
  expect(first.printed).toContain(`GH_CONFIG_DIR='${path.join(dir, 'my state/gh')}' GH_HOST=127.0.0.1`);
  expect(first.printed).toMatch(/export HARNESS_API_URL=\S+ HARNESS_TOKEN=forge-token/);
  expect(await first.stop()).toMatchObject({ exitCode: 0, stderr: '' });

  const second = await startForge(dir, ...args);
  expect(second.printed).toContain('acme/app is there already and stays as it is');
});

it('prints the environment that the real gh works with', async ({ skip }) => {
  if ((await execa('gh', ['--version'], { reject: false })).failed) skip('gh is not installed');
  const dir = aDir();
  const { url, environment } = await startForgeWithJson(dir, '--repo', 'acme/app');
  const { stdout } = await execa('gh', ['issue', 'create', '-R', 'acme/app', '-t', 'Filed', '-b', ''], {
    cwd: dir,
    env: { ...ENV, HOME: dir, ...environment },
    extendEnv: false,
    stdin: 'ignore',
  });
  expect(stdout).toBe(`${url}/acme/app/issues/1`);
});

it.each([
  ['a path without a repository', ['--repo', '/'], 2, /--repo \/: not a git repository/],
  ['a path to nowhere', ['--repo', './gone'], 2, /--repo \.\/gone: .*No such file/],
  ['neither a name nor a path', ['--repo', 'app'], 2, /expected owner\/name, or a path/],
  ['issues for no repository', ['--issues', 'bad.json'], 2, /--issues: expected exactly one --repo/],
  ['a file of issues that is missing', ['--repo', 'a/b', '--issues', 'no.md'], 2, /no\.md can't be read/],
  ['a file of issues with a mistake', ['--repo', 'a/b', '--issues', 'bad.json'], 2, /bad\.json:2: issue 1/],
])('refuses %s before it makes anything', async (_what, args, exit, message) => {
  const dir = aDir();
  writeFileSync(path.join(dir, 'bad.json'), '[\n{"title": 7}\n]');
  const ran = await execa(PROGRAM, ['forge', '--root', 'state', ...args], {
    cwd: dir,
    env: ENV,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr.split('\n')).toHaveLength(2);
  expect(ran.exitCode).toBe(exit);
  expect(existsSync(path.join(dir, 'state'))).toBe(false);
});

it('keeps its state out of the repository that it copies', async () => {
  const repository = ownRepository();
  const before = everythingIn(repository);
  const ran = await execa(PROGRAM, ['forge', '--repo', '.'], {
    cwd: repository,
    env: ENV,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  expect(ran.stderr).toMatch(/--root: .*\.harness-forge is inside of .*my-app/);
  expect(ran.exitCode).toBe(2);
  expect(everythingIn(repository)).toEqual(before);
});
