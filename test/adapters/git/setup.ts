import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { GitOptions } from '../../../src/adapters/git/options.ts';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import type { JournalEntry } from '../../../src/core/contracts.ts';
import type { Journal, Oid, Refs } from '../../../src/ports.ts';
import { type GitServer, startGitServer } from '../../helpers/git-server.ts';

export const REPO = 'acme/app';
export const REF = 'refs/harness/issues/7';
const AUTHOR = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.com' };
const COMMITTER = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.com' };

export const AGENT = { name: 'Agent', email: 'agent@example.com' };

/** Runs a person's git in `cwd`, with no configuration but the repository's own. */
export function git(
  cwd: string,
  args: readonly string[],
  input: string | Buffer = '',
  identity: Readonly<Record<string, string>> = { ...AUTHOR, ...COMMITTER },
): string {
  return execFileSync('git', args, {
    cwd,
    input,
    env: { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null', ...identity },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trim();
}

export interface Scene {
  readonly dir: string;
  /** The remote's bare repository, behind HTTP. */
  readonly remote: string;
  readonly server: GitServer;
  readonly options: GitOptions;
  /** The remote's `main`. */
  readonly main: string;
  /** The tip of a ref of the remote; null when there is none. */
  readonly tipOf: (ref: string) => string | null;
}

/** A remote with one commit on `main`, served over HTTP, and options for a host that knows nothing yet. */
export async function setScene(): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'harness-git-'));
  const root = join(dir, 'remotes');
  const remote = join(root, `${REPO}.git`);
  cpSync(template, remote, { recursive: true });
  const server = await startGitServer(root);
  onTestFinished(async () => {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const options = optionsFor(join(dir, 'clones'), server.url);
  const main = tipOf(remote, 'refs/heads/main') ?? '';
  return { dir, remote, server, options, main, tipOf: ref => tipOf(remote, ref) };
}

let template = '';

// Made once for each file of tests, since git takes longer to make it than to copy it.
beforeAll(() => {
  template = mkdtempSync(join(tmpdir(), 'harness-remote-'));
  git(template, ['init', '--quiet', '--bare', '--template=', '-b', 'main']);
  git(template, ['config', 'http.receivepack', 'true']);
  commitFiles(template, 'main', { 'README.md': 'hello\n', 'src/a.txt': 'a\n' });
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

export const optionsFor = (clonesDir: string, url: string): GitOptions => ({
  clonesDir,
  remoteUrl: repo => `${url}/${repo}.git`,
  credentials: async () => null,
  identity: { name: 'Harness', email: 'harness@example.com' },
  env: { PATH: process.env.PATH ?? '' },
  nonce: randomUUID,
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
});

export const portsOf = (options: GitOptions) => ({ refs: createRefs(options), repos: createRepos(options) });

/** Commits files on top of a branch of a bare repository, without a checkout. */
export function commitFiles(bare: string, branch: string, files: Readonly<Record<string, string>>): string {
  const parent = tipOf(bare, `refs/heads/${branch}`);
  const index = join(bare, `index-${randomUUID()}`);
  const run = (args: readonly string[], input?: string) =>
    execFileSync('git', args, {
      cwd: bare,
      input: input ?? '',
      env: { PATH: process.env.PATH, GIT_INDEX_FILE: index, ...AUTHOR, ...COMMITTER },
      encoding: 'utf8',
    }).trim();
  if (parent) run(['read-tree', parent]);
  for (const [path, text] of Object.entries(files)) {
    const blob = run(['hash-object', '-w', '--stdin'], text);
    run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`]);
  }
  const commit = run(['commit-tree', run(['write-tree']), ...(parent ? ['-p', parent] : []), '-m', 'Change']);
  run(['update-ref', `refs/heads/${branch}`, commit]);
  rmSync(index, { force: true });
  return commit;
}

function tipOf(bare: string, ref: string): string | null {
  return git(bare, ['for-each-ref', '--format=%(objectname)', ref]) || null;
}

/** Appends entries to a journal and returns its new tip; throws when the push is not won. */
export async function push(refs: Refs, ref: string, expected: Oid | null, entries: readonly JournalEntry[]) {
  const result = await refs.push(REPO, [{ kind: 'journal', ref, expected, entries }]);
  if (result.kind !== 'done') throw new Error(`${result.kind}: ${result.reason}`);
  return result.tips[ref] ?? '';
}

/** One journal as it is now. */
export async function journalOf(refs: Refs, ref: string): Promise<Journal> {
  const journal = (await refs.read(REPO)).journals.find(found => found.ref === ref);
  if (!journal) throw new Error(`There is no ${ref}.`);
  return journal;
}

/** A worktree for issue 7, as an agent finds it. */
export async function startWork() {
  const scene = await setScene();
  const repos = createRepos(scene.options);
  const start = await repos.fetchBranch(REPO, 'main');
  const path = join(scene.dir, 'trees', 'i7');
  await repos.createWorktree({ repo: REPO, path, branch: 'issue/7', start, identity: AGENT });
  return { ...scene, repos, start, path };
}

/** Writes files into a worktree (null removes one), commits all that differs, and returns the head. */
export function commitAll(path: string, files: Readonly<Record<string, string | null>>): string {
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
  }
  git(path, ['add', '-A']);
  git(path, ['commit', '-q', '-m', 'Work']);
  return git(path, ['rev-parse', 'HEAD']);
}

/** The command lines of all processes of this host. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
