import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilesToCommit, FilesToRestore, Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { pin } from './fetch.ts';
import type { Git } from './run-git.ts';

/** Commits files on top of a commit in the bare clone, over an index of its own; no work tree is involved. */
export async function commitFiles(
  git: Git,
  gitDir: string,
  { parent, message, files }: FilesToCommit,
): Promise<Oid> {
  const entries = Object.entries(files).map(async ([path, text]) => {
    if (text === null) return absent(parent, path);
    return `100644 ${await git.line({ gitDir, args: ['hash-object', '-w', '--stdin'], input: text })}\t${path}`;
  });
  return commitEntries(git, gitDir, { parent, message, entries: await Promise.all(entries) });
}

/** Commits files as another commit has them, with their modes, on top of one. */
export async function restoreFiles(
  git: Git,
  gitDir: string,
  { commit, from, paths }: FilesToRestore,
): Promise<Oid> {
  const before = new Map<string, string>();
  for (let at = 0; at < paths.length; at += PATHS_AT_ONCE) {
    const some = paths.slice(at, at + PATHS_AT_ONCE);
    const args = ['--literal-pathspecs', 'ls-tree', '--full-tree', '-z', from, '--', ...some];
    for (const line of (await git.read({ gitDir, args })).split('\0')) {
      const [, mode, oid, path = ''] = /^(\d{6}) (?:blob|commit) ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
      if (mode !== undefined) before.set(path, `${mode} ${oid}\t${path}`);
    }
  }
  const entries = paths.map(path => before.get(path) ?? absent(commit, path));
  const message = 'Restore files of the base';
  return commitEntries(git, gitDir, { parent: commit, message, entries });
}

/** What fits into one command line, whatever the paths are. */
const PATHS_AT_ONCE = 25;

const absent = (like: Oid | null, path: string) => `0 ${'0'.repeat(like?.length ?? 40)}\t${path}`;

/** Entries are lines of `git update-index --index-info`. */
async function commitEntries(
  git: Git,
  gitDir: string,
  {
    parent,
    message,
    entries,
  }: { readonly parent: Oid | null; readonly message: string; readonly entries: readonly string[] },
): Promise<Oid> {
  const nonce = git.options.nonce();
  const env = { GIT_INDEX_FILE: join(gitDir, `index-${nonce}`) };
  try {
    await git.read({ gitDir, args: ['read-tree', parent ?? '--empty'], env });
    const input = entries.map(entry => `${entry}\0`).join('');
    await git.read({ gitDir, args: ['update-index', '-z', '--index-info'], env, input });
    const tree = await git.line({ gitDir, args: ['write-tree'], env });
    const commit = await git.line({
      gitDir,
      args: ['commit-tree', tree, ...(parent === null ? [] : ['-p', parent])],
      env: identityEnv(git.options.identity),
      input: message,
    });
    await pin(git, gitDir, { name: `files ${nonce}`, tip: commit });
    return commit;
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
}
