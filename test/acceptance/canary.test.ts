import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { aTown, ONE_WORKER, until } from './fleet.ts';

// Of this run alone: arguments of all processes are looked at, those of another run beside it among them.
const CANARY = `canary-${randomUUID()}-token`;

/** The token as it is and as HTTP and git write it. */
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
  Buffer.from(`x-access-token:${CANARY}`).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(CANARY),
];

const isLeak = (text: string | Buffer) => FORMS.some(form => text.includes(form));

it('shows its token to nobody: not in a file, an output, an argument, nor to a program that it starts', async () => {
  const town = await aTown();
  town.forge.addUser({ login: 'bot', token: CANARY });
  const issues = [town.issue('slow one')];
  const fleet = await town.fleet('one', {
    ...ONE_WORKER,
    HARNESS_TOKEN: CANARY,
    GH_TOKEN: CANARY,
    OTHER_COPY: `Bearer ${CANARY}`,
    HARNESS_PASS_ENV: 'GH_TOKEN,OTHER_COPY',
    HARNESS_DEBUG: '1',
    HARNESS_SETUP: 'sleep 0.4',
    HARNESS_VERIFY: 'sleep 0.5',
  });
  const watched = watchProcesses(town.root);
  const said: string[] = [];
  const run = async (...args: string[]) => {
    const { out, err } = await fleet.harness(...args);
    said.push(out, err);
  };

  await run('start');
  await run('doctor', '--probe', '--json');
  await town.untilClosed(issues);
  // Failures of every kind speak of what they tried.
  const trouble = { kind: 'status', status: 502, headers: { 'x-request': CANARY } } as const;
  const fault = town.forge.faults.add({ ...trouble, message: `no entry for ${CANARY}` });
  town.issue('two');
  await run('poll', '--once');
  await run('doctor');
  await until('the worker meets the trouble', 60_000, () => fault.hits() > 3);
  fault.remove();
  await run('stop', '--now');
  town.forge.revokeToken(CANARY);
  for (const args of [['status'], ['poll', '--once'], ['doctor', '--probe'], ['world'], ['poll', '--json']]) {
    await run(...args);
  }
  watched.stop();

  expect(said.filter(isLeak)).toEqual([]);
  expect(leaksIn(town.root)).toEqual([]);
  expect(watched.badArguments()).toEqual([]);
  expect(watched.badEnvironments()).toEqual([]);
  expect([...watched.seen()].toSorted()).toEqual(
    expect.arrayContaining(['agent', 'command', 'engine', 'git', 'session-host', 'tmux']),
  );
});

it('would be noticed in a file, an object of git, an argument or an environment', async () => {
  const town = await aTown();
  const gitDir = path.join(town.root, 'forge/git/acme/app.git');
  execFileSync('git', ['--git-dir', gitDir, 'hash-object', '-w', '--stdin'], { input: `x ${CANARY}` });
  writeFileSync(path.join(town.root, 'leak.txt'), Buffer.from(`x-access-token:${CANARY}`).toString('base64'));
  expect(leaksIn(town.root)).toEqual(['forge/git/acme/app.git: an object', 'leak.txt']);

  const watched = watchProcesses(town.root);
  const env = { PATH: process.env.PATH, HOME: town.root, COPY: CANARY };
  const child = spawn('/bin/sh', ['-c', 'sleep 30 & wait', CANARY], { env, detached: true });
  onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
  await until(
    'both are seen',
    5_000,
    () => watched.badArguments().length + watched.badEnvironments().length > 2,
  );
  expect(watched.badArguments()).toEqual(['/bin/sh -c sleep 30 & wait <token>']);
  expect(watched.badEnvironments()).toContain('command: sleep 30');
});

/** Files below a directory, and repositories with an object, in which the token is. */
function leaksIn(root: string): readonly string[] {
  const names = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = names
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => isLeak(readFileSync(file)));
  const repositories = names
    .filter(entry => entry.name === 'objects' && entry.isDirectory())
    .map(entry => entry.parentPath)
    .filter(gitDir => isLeak(allObjects(gitDir)));
  return [...repositories.map(gitDir => `${gitDir}: an object`), ...files]
    .map(place => place.replace(`${root}/`, ''))
    .toSorted();
}

/** Every object of a repository in full, since they are compressed on the disk. */
const allObjects = (gitDir: string): Buffer =>
  execFileSync('git', ['--git-dir', gitDir, 'cat-file', '--batch-all-objects', '--batch', '--buffer'], {
    maxBuffer: 1 << 28,
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' },
  });

type Kind = 'engine' | 'git' | 'tmux-client' | 'tmux' | 'session-host' | 'agent' | 'command' | 'other';

/** Only these may have the token in their environment: they are the engine, or act for it with it. */
const MAY_HOLD: readonly Kind[] = ['engine', 'git', 'tmux-client'];

/** Looks at all processes again and again: their arguments, and the environments of those below `root`. */
function watchProcesses(root: string) {
  const seen = new Set<Kind>();
  const badArguments = new Set<string>();
  const badEnvironments = new Set<string>();
  const look = () => {
    for (const pid of readdirSync('/proc').filter(
      name => /^\d+$/.test(name) && Number(name) !== process.pid,
    )) {
      const argv = readArgv(pid);
      if (argv.some(isLeak)) badArguments.add(argv.join(' ').replaceAll(CANARY, '<token>'));
      const environment = read(`/proc/${pid}/environ`);
      if (argv.length === 0 || !environment.includes(root)) continue;
      const kind = kindOf(argv);
      seen.add(kind);
      if (isLeak(environment) && !MAY_HOLD.includes(kind)) badEnvironments.add(`${kind}: ${argv.join(' ')}`);
    }
  };
  const timer = setInterval(look, 40);
  onTestFinished(() => clearInterval(timer));
  return {
    stop: () => clearInterval(timer),
    seen: () => seen,
    badArguments: () => [...badArguments],
    badEnvironments: () => [...badEnvironments],
  };
}

function kindOf(argv: readonly string[]): Kind {
  const words = argv.map(word => path.basename(word));
  if (words.includes('cli.js') || words.includes('harness')) return 'engine';
  // git's credential helper is a shell of git's own.
  if (words[0]?.startsWith('git') || argv.some(word => word.includes('$HARNESS_GIT_PASSWORD'))) return 'git';
  if (words[0]?.startsWith('tmux')) return argv.includes('new-session') ? 'tmux-client' : 'tmux';
  if (words.includes('session-host.js')) return 'session-host';
  if (words.includes('scripted.mjs')) return 'agent';
  return words[0] === 'sh' || words[0] === 'sleep' ? 'command' : 'other';
}

const readArgv = (pid: string) =>
  read(`/proc/${pid}/cmdline`)
    .split('\0')
    .filter(word => word !== '');

/** Empty for a process that is gone, or somebody else's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
