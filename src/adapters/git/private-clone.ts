import { appendFile, lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import type { Identity, Oid } from '../../ports.ts';
import { removeTree } from './remove-tree.ts';
import type { Git } from './run-git.ts';

/** A private clone to make. */
export interface PrivateClone {
  /** The bare clone that lends its objects. */
  readonly gitDir: string;
  readonly path: string;
  readonly start: Oid;
  /** The branch to create, and whose commits it is for; null leaves the head detached. */
  readonly branch: { readonly name: string; readonly identity: Identity } | null;
  /** Whether what is at `path` goes, or is an error. */
  readonly replace: boolean;
}

/**
 * Makes a checkout with a git directory of its own and no remote. It is built beside `path` and renamed, so
 * that a crash leaves nothing there that looks finished. Throws `worktree-exists`.
 */
export async function cloneInto(git: Git, clone: PrivateClone): Promise<void> {
  const { path, replace } = clone;
  if (!replace && (await isThere(path))) {
    throw new HarnessError('worktree-exists', `${path} is there already.`);
  }
  await mkdir(dirname(path), { recursive: true });
  const staging = `${path}.new`;
  await removeTree(staging);
  try {
    await build(git, clone, staging);
    if (replace) await removeTree(path);
    await rename(staging, path);
  } catch (error) {
    await removeTree(staging);
    throw error;
  }
}

async function build(git: Git, { gitDir, start, branch }: PrivateClone, path: string): Promise<void> {
  const own = join(path, '.git');
  const run = (...args: readonly string[]) => git.read({ gitDir: own, args, env: { GIT_WORK_TREE: path } });
  await mkdir(path);
  await run('init', '--quiet', '--template=', ...(branch ? [`--initial-branch=${branch.name}`] : []));
  await mkdir(join(own, 'info'));
  await writeFile(join(own, 'objects/info/alternates'), `${join(gitDir, 'objects')}\n`);
  await appendFile(join(own, 'config'), configFor(branch?.identity ?? null));
  await run('update-ref', ...(branch ? [] : ['--no-deref']), 'HEAD', start);
  await run('read-tree', '--reset', '-u', start);
}

// Signing would ask for a passphrase that nobody is there to give; housekeeping belongs to nobody here.
const configFor = (identity: Identity | null) => `[commit]
\tgpgSign = false
[tag]
\tgpgSign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
${identity ? `[user]\n\tname = ${quote(identity.name)}\n\temail = ${quote(identity.email)}\n` : ''}`;

// Git reads the escapes of JSON that a name can need: \" and \\.
const quote = (text: string) => JSON.stringify(text.replace(/\p{Cc}/gu, ' '));

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
