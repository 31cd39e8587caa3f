import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { shortTmp } from '../../src/adapters/enclosure/short-tmp.ts';
import type { JournalEntry } from '../../src/core/contracts.ts';
import { type Forge, type ForgeOptions, startForge } from '../../src/forge/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const PROGRAM = path.join(root, 'bin/harness');
const AGENT = path.join(import.meta.dirname, 'agents/scripted.mjs');

export const REPO = 'acme/app';
const TOKEN = 'canary-token-of-the-fleet';
/** Of whoever looks at it from outside, so that what a fleet asks can be counted. */
const WATCHER_TOKEN = 'token-of-a-watcher';

/** For tests in which no worker dies: a second one, which only stands by, costs as much as an attempt. */
export const ONE_WORKER = { HARNESS_POOL: '1' } as const;

/** A forge with one repository, for one test. */
export interface Town {
  readonly root: string;
  /** Of the account `bot`, which every fleet uses. */
  readonly token: string;
  readonly forge: Forge;
  /** Files an issue for agents and returns its number. */
  readonly issue: (title: string, options?: { readonly after?: readonly number[] }) => number;
  /** Sets up a project with a home of its own: each one is a host. */
  readonly fleet: (name: string, settings?: Readonly<Record<string, string>>) => Promise<Fleet>;
  /** Runs git on the forge's bare repository. */
  readonly git: (...args: readonly string[]) => string;
  /** A journal's entries as they are on the forge, oldest first. */
  readonly journal: (issue: number) => readonly JournalEntry[];
  /** The newest entry of each issue's journal, by the issue's number. */
  readonly lastEntries: () => ReadonlyMap<number, JournalEntry>;
  readonly api: <T>(path: string) => Promise<T>;
  readonly untilClosed: (issues: readonly number[], limitMs?: number) => Promise<void>;
  /** Ends every process that was started in it, and removes everything. */
  readonly close: () => Promise<void>;
}

export interface Fleet {
  readonly dir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the built command line in the project; never rejects. */
  readonly harness: (...args: readonly string[]) => Promise<Ran>;
  /** Processes of this fleet, found by their environment. */
  readonly processes: () => readonly { readonly pid: number; readonly command: string }[];
}

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Sets up a forge; everything is ended and removed when the test is over, however it ends. */
export async function aTown(
  files?: Readonly<Record<string, string>>,
  rules: Pick<ForgeOptions, 'takesBranchesOnly'> = {},
): Promise<Town> {
  const town = await openTown(files, rules);
  onTestFinished(town.close);
  return town;
}

/** Sets up a forge; whoever opens it closes it. */
export async function openTown(
  files: Readonly<Record<string, string>> = { 'README.md': '# app\n' },
  rules: Pick<ForgeOptions, 'takesBranchesOnly'> = {},
): Promise<Town> {
  const dir = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  const users = [
    { login: 'bot', token: TOKEN },
    { login: 'watcher', token: WATCHER_TOKEN },
  ];
  const forge = await startForge({ root: path.join(dir, 'forge'), users, ...rules });
  await forge.addRepository({ owner: 'acme', name: 'app', files, roles: { bot: 'admin' } });
  const bare = path.join(dir, 'forge/git', `${REPO}.git`);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8' });
  const api = async <T>(route: string): Promise<T> => {
    const response = await fetch(`${forge.apiUrl}/repos/${REPO}/${route}`, {
      headers: { authorization: `Bearer ${WATCHER_TOKEN}` },
    });
    return (await response.json()) as T;
  };
  return {
    root: dir,
    token: TOKEN,
    forge,
    issue: (title, { after = [] } = {}) =>
      forge.addIssue({
        repo: REPO,
        title,
        body:
          after.length > 0
            ? `Do it.\n\n## Blocked by\n\n${after.map(n => `- #${n}`).join('\n')}\n`
            : 'Do it.',
        labels: ['ready-for-agent'],
        author: 'bot',
      }),
    fleet: (name, settings = {}) => setUpFleet({ dir, forge }, name, settings),
    git,
    journal: issue => readJournal(git, issue),
    lastEntries: () => readLastEntries(git),
    api,
    async untilClosed(issues, limitMs = 150_000) {
      await until(`issues ${issues.join(', ')} are closed`, limitMs, async () => {
        const closed = await api<readonly { number: number }[]>('issues?state=closed&per_page=100');
        return issues.every(issue => closed.some(({ number }) => number === issue));
      });
    },
    async close() {
      endEverything(dir);
      await forge.close();
      for (const scratch of scratchesIn(dir)) rmSync(shortTmp(scratch), { recursive: true, force: true });
      rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** Paths of what is in a directory; none where there is no such directory. */
export const within = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory).map(name => path.join(directory, name)) : [];

/** What fleets that were killed have left: their temporary files are outside of the town. */
function scratchesIn(town: string): readonly string[] {
  return within(town)
    .flatMap(home => within(path.join(home, '.harness/fleets')))
    .flatMap(fleet => within(path.join(fleet, 'scratch')));
}

async function setUpFleet(
  { dir, forge }: { dir: string; forge: Forge },
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<Fleet> {
  const home = path.join(dir, name);
  const project = path.join(home, 'app');
  mkdirSync(path.join(home, 'tmux'), { recursive: true, mode: 0o700 });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    HARNESS_HOME: path.join(home, '.harness'),
    TMUX_TMPDIR: path.join(home, 'tmux'),
    HARNESS_TOKEN: TOKEN,
    HARNESS_BACKOFF: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...settings,
  };
  const address = `http://bot:${TOKEN}@127.0.0.1:${forge.port}/${REPO}.git`;
  await execa('git', ['clone', '--quiet', address, project], { env, extendEnv: false });
  const harness = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await execa(PROGRAM, args, {
      cwd: project,
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    return { exit: ran.exitCode ?? -1, out: ran.stdout, err: ran.stderr };
  };
  const init = await harness(
    ...['init', '--yes', '--repo', REPO, '--api-url', forge.apiUrl, '--prefix', name],
    ...['--setup', '', '--verify', '! grep -r wrong work', '--pool', '2', '--cap', '3'],
    ...['--agent-command', `"${process.execPath}" "${AGENT}"`],
  );
  if (init.exit !== 0) throw new Error(`init failed: ${init.err}`);
  return { dir: project, home, env, harness, processes: () => processesOf(home) };
}

function readJournal(git: Town['git'], issue: number): readonly JournalEntry[] {
  const ref = `refs/harness/issues/${issue}`;
  if (git('for-each-ref', ref) === '') return [];
  const lines = git('log', '--reverse', '--format=%s', ref).trim().split('\n');
  return lines.map(line => JSON.parse(line) as JournalEntry);
}

function readLastEntries(git: Town['git']): ReadonlyMap<number, JournalEntry> {
  const format = '--format=%(refname:lstrip=3) %(contents:subject)';
  const lines = git('for-each-ref', format, 'refs/harness/issues').split('\n').filter(Boolean);
  return new Map(
    lines.map(line => [
      Number(line.split(' ')[0]),
      JSON.parse(line.slice(line.indexOf('{'))) as JournalEntry,
    ]),
  );
}

/** Waits for a condition, with a rest between two looks, which take from what is waited for; says what it waited for when the time is over. */
export async function until(
  what: string,
  limitMs: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await pause(150);
  }
}

/** Processes whose environment names a directory under `dir`: everything that a fleet there started. */
function processesOf(dir: string): readonly { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap(name => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').includes(dir)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(name), command }];
      } catch {
        return [];
      }
    });
}

function endEverything(dir: string): void {
  for (let round = 0; round < 20; round++) {
    const left = processesOf(dir);
    if (left.length === 0) return;
    for (const { pid } of left) kill(pid);
  }
}

/** SIGKILL; a process that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone
  }
}
