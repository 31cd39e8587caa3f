import type { Change, MergeTree, Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { failureOf } from './failures.ts';
import type { Git } from './run-git.ts';

/** Two commits of the bare clone. */
export interface Pair {
  readonly base: Oid;
  readonly head: Oid;
}

/** Whether `ancestor` is an ancestor of `commit`, or the same. */
export async function isAncestor(
  git: Git,
  gitDir: string,
  { ancestor, commit }: { readonly ancestor: Oid; readonly commit: Oid },
): Promise<boolean> {
  const command = { gitDir, args: ['merge-base', '--is-ancestor', ancestor, commit] };
  const run = await git.attempt(command);
  if (run.exit === 0 || run.exit === 1) return run.exit === 0;
  throw failureOf(command, run);
}

/** What `head` adds to the commit where it left `base`. */
export async function changeBetween(git: Git, gitDir: string, { base, head }: Pair): Promise<Change> {
  const descends = await isAncestor(git, gitDir, { ancestor: base, commit: head });
  const from = descends ? base : await startOfChange(git, gitDir, { base, head });
  const count = (...flags: readonly string[]) =>
    git.line({ gitDir, args: ['rev-list', '--count', ...flags, `${base}..${head}`] });
  const [commits, beginnings] = [await count(), await count('--max-parents=0')];
  const listed = await git.read({
    gitDir,
    args: ['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, head],
  });
  return {
    descends: descends && beginnings === '0',
    commits: Number(commits),
    files: filesOf(listed.split('\0')),
  };
}

/** The commit where `head` left `base`; the empty tree when they have none in common. */
export async function startOfChange(git: Git, gitDir: string, pair: Pair): Promise<Oid> {
  return (await forkPoint(git, gitDir, pair)) ?? (await emptyTree(git, gitDir));
}

function filesOf(fields: readonly string[]): Change['files'] {
  const files: { readonly path: string; readonly status: string }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    files.push({ status: fields[at] ?? '', path: fields[at + 1] ?? '' });
  }
  return files;
}

async function forkPoint(git: Git, gitDir: string, { base, head }: Pair): Promise<Oid | null> {
  const command = { gitDir, args: ['merge-base', base, head] };
  const run = await git.attempt(command);
  if (run.exit === 0) return run.stdout.trim();
  if (run.exit === 1) return null;
  throw failureOf(command, run);
}

const emptyTree = (git: Git, gitDir: string): Promise<Oid> =>
  git.line({ gitDir, args: ['mktree'], input: '' });

/**
 * Merges `head` into `base` without a working tree. The same pair always becomes the same commit, unless it gets a
 * message of its own; a head that descends from the base is its own merge. Histories without a common commit
 * conflict in no file.
 */
export async function mergeCommits(
  git: Git,
  gitDir: string,
  { message, ...pair }: Pair & { readonly message?: string },
): Promise<MergeTree> {
  const { base, head } = pair;
  if (await isAncestor(git, gitDir, { ancestor: base, commit: head })) {
    return {
      kind: 'merged',
      commit: head,
      tree: await git.line({ gitDir, args: ['rev-parse', `${head}^{tree}`] }),
    };
  }
  if ((await forkPoint(git, gitDir, pair)) === null) return { kind: 'conflict', files: [] };
  const command = {
    gitDir,
    args: ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head],
  };
  const run = await git.attempt(command);
  if (run.exit !== 0 && run.exit !== 1) throw failureOf(command, run);
  const [tree = '', ...files] = run.stdout.split('\0').filter(field => field !== '');
  if (run.exit === 1) return { kind: 'conflict', files };
  const commit = await git.line({
    gitDir,
    args: ['commit-tree', tree, '-p', base, '-p', head],
    env: {
      ...identityEnv(git.options.identity),
      ...(message === undefined ? await datesOf(git, gitDir, pair) : {}),
    },
    input: `${message ?? `Merge ${head.slice(0, 12)} into ${base.slice(0, 12)}`}\n`,
  });
  return { kind: 'merged', commit, tree };
}

/** The time of the later of two commits: as fixed as they are, and as far as anybody can see it the time of their merge. */
async function datesOf(git: Git, gitDir: string, { base, head }: Pair): Promise<Record<string, string>> {
  const args = ['log', '--no-walk', '--format=%ct', base, head];
  const seconds = (await git.read({ gitDir, args })).trim().split('\n').map(Number);
  const date = `@${Math.max(...seconds)} +0000`;
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}
