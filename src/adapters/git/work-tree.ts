import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { pin } from './fetch.ts';
import type { Git } from './run-git.ts';

interface WorkTree {
  /** The engine's bare clone: its configuration holds, never the worktree's. */
  readonly gitDir: string;
  readonly path: string;
  readonly head: Oid;
}

interface Difference {
  readonly path: string;
  readonly isGone: boolean;
}

/** Paths in which a worktree differs from `head`; untracked ones count, ignored ones do not. */
export async function pathsThatDiffer(git: Git, tree: WorkTree): Promise<readonly string[]> {
  const differences = await withIndex(git, tree, env => listDifferences(git, tree, env));
  return differences.map(({ path }) => Buffer.from(path, 'latin1').toString());
}

/** Commits what a worktree has beyond `head`, on top of it, in the bare clone; null when there is nothing. */
export async function commitWorktree(
  git: Git,
  tree: WorkTree & { readonly message: string },
): Promise<Oid | null> {
  const { gitDir, path, head, message } = tree;
  const treeNow = await withIndex(git, tree, async env => {
    const files = await listDifferences(git, tree, env);
    await updateIndex(git, { gitDir, env, flag: '--force-remove', files: files.filter(file => file.isGone) });
    await updateIndex(git, { gitDir, env, flag: '--add', files: files.filter(file => !file.isGone) });
    return git.line({ gitDir, args: ['write-tree'], env });
  });
  if (treeNow === (await git.line({ gitDir, args: ['rev-parse', `${head}^{tree}`] }))) return null;
  const commit = await git.line({
    gitDir,
    args: ['commit-tree', treeNow, '-p', head],
    env: identityEnv(git.options.identity),
    input: message,
  });
  await pin(git, gitDir, { name: `saved ${path}`, tip: commit });
  return commit;
}

type Env = Readonly<Record<string, string>>;

async function withIndex<T>(git: Git, { gitDir, path, head }: WorkTree, act: (env: Env) => Promise<T>) {
  const index = join(gitDir, `index-${git.options.nonce()}`);
  const env = { GIT_WORK_TREE: path, GIT_INDEX_FILE: index };
  try {
    await git.read({ gitDir, args: ['read-tree', head], env });
    return await act(env);
  } finally {
    await rm(index, { force: true });
  }
}

async function listDifferences(git: Git, { gitDir }: WorkTree, env: Env): Promise<readonly Difference[]> {
  const listed = await git.read({
    gitDir,
    // Git would run another git inside a submodule, under a configuration that the agent wrote.
    args: ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all'],
    env,
    encoding: 'latin1',
  });
  return (
    listed
      .split('\0')
      // The first letter compares the index with the bare clone's HEAD, which means nothing here.
      .filter(entry => entry !== '' && entry[1] !== ' ')
      .map(entry => ({ path: entry.slice(3), isGone: entry[1] === 'D' }))
  );
}

async function updateIndex(
  git: Git,
  update: {
    readonly gitDir: string;
    readonly env: Env;
    readonly flag: '--add' | '--force-remove';
    readonly files: readonly Difference[];
  },
): Promise<void> {
  const { gitDir, env, flag, files } = update;
  if (files.length === 0) return;
  const flags = flag === '--add' ? ['--add', '--remove'] : ['--force-remove'];
  await git.read({
    gitDir,
    args: ['update-index', ...flags, '-z', '--stdin'],
    env,
    input: Buffer.from(files.map(({ path }) => `${path}\0`).join(''), 'latin1'),
  });
}
