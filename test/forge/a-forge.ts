import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { Octokit } from 'octokit';
import { onTestFinished } from 'vitest';
import type { Forge, ForgeOptions } from '../../src/forge/index.ts';
import { startForge } from '../../src/forge/index.ts';

/** Three people: the owner of `acme/app`, one with write access, and a stranger. */
export const USERS = [
  { login: 'acme', token: 'token-acme' },
  { login: 'bob', token: 'token-bob' },
  { login: 'eve', token: 'token-eve' },
];

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'forge-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A forge that is closed after the test. */
export async function aForge(options: Partial<ForgeOptions> = {}): Promise<Forge> {
  const root = options.root ?? (await temporaryDirectory());
  const forge = await startForge({ users: USERS, ...options, root });
  onTestFinished(() => forge.close());
  return forge;
}

/** A forge with the repository `acme/app`, in which bob may write and eve may read. */
export async function aForgeWithRepository(): Promise<Forge> {
  const forge = await aForge();
  await forge.addRepository({
    owner: 'acme',
    name: 'app',
    roles: { bob: 'write' },
    files: { 'README.md': '# app\n', 'src/a.txt': 'one\ntwo\nthree\n' },
  });
  return forge;
}

/** octokit without its throttling and retries, which would turn every refusal into seconds of waiting. */
export function octokitOf(forge: { apiUrl: string }, token: string | null = 'token-acme'): Octokit {
  return new Octokit({
    baseUrl: forge.apiUrl,
    ...(token === null ? {} : { auth: token }),
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

/** `{owner, repo}` of the usual repository. */
export const APP = { owner: 'acme', repo: 'app' } as const;

/** The address to clone from, with a token as the password. */
export function remoteOf(forge: { url: string }, token = 'token-acme', repository = 'acme/app'): string {
  return `${forge.url.replace('http://', `http://x:${token}@`)}/${repository}.git`;
}

/** Runs git like a user without any configuration; rejects when git fails. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd, env: GIT_ENVIRONMENT, extendEnv: false });
  return stdout;
}

const GIT_ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
};

/** A clone of the usual repository. */
export async function aClone(forge: Forge, token = 'token-acme'): Promise<string> {
  const path = join(await temporaryDirectory(), 'clone');
  await git('/', 'clone', '--quiet', remoteOf(forge, token), path);
  return path;
}

/** Commits a file in a clone and returns the commit. */
export async function commitFile(
  clone: string,
  path: string,
  text: string,
  message = `Add ${path}`,
): Promise<string> {
  await mkdir(dirname(join(clone, path)), { recursive: true });
  await writeFile(join(clone, path), text);
  await git(clone, 'add', '--', path);
  await git(clone, 'commit', '--quiet', '-m', message);
  return git(clone, 'rev-parse', 'HEAD');
}

/** A branch with one more file, pushed; returns its head. */
export async function pushBranch(
  clone: string,
  branch: string,
  file: { path: string; text: string; message?: string } = {
    path: `${branch.replaceAll('/', '-')}.txt`,
    text: branch,
  },
): Promise<string> {
  await git(clone, 'checkout', '--quiet', '-b', branch, 'origin/main');
  const head = await commitFile(clone, file.path, file.text, file.message);
  await git(clone, 'push', '--quiet', 'origin', branch);
  return head;
}
