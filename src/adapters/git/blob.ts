import { HarnessError } from '../../errors.ts';
import type { Oid } from '../../ports.ts';
import type { Git } from './run-git.ts';

/** Largest file that is read as text, in bytes. */
const LIMIT = 1024 * 1024;

/**
 * The text of a regular file at a commit, read as a blob; null when there is no such file there (a link or a
 * submodule is none). Throws `git-failed` for one that is larger than 1 MB.
 */
export async function readBlob(
  git: Git,
  gitDir: string,
  { commit, path }: { readonly commit: Oid; readonly path: string },
): Promise<string | null> {
  // The path is an argument of ls-tree and taken literally, so that no text in it means anything to git.
  const entry = await git.read({
    gitDir,
    args: ['--literal-pathspecs', 'ls-tree', '--full-tree', '-z', '-l', commit, '--', path],
  });
  const [, oid, size] = /^100(?:644|755) blob ([0-9a-f]+)\s+(\d+)\t/.exec(entry) ?? [];
  if (oid === undefined) return null;
  if (Number(size) > LIMIT) {
    throw new HarnessError('git-failed', `${path} is too large to be read: ${size} bytes.`, {
      fix: `Keep it under ${LIMIT} bytes.`,
    });
  }
  return git.read({ gitDir, args: ['cat-file', 'blob', oid] });
}

/** Paths of the files in a folder at a commit, and below; none when there is no such folder. */
export async function filesIn(
  git: Git,
  gitDir: string,
  { commit, folder }: { readonly commit: Oid; readonly folder: string },
): Promise<readonly string[]> {
  const names = await git.read({
    gitDir,
    args: [
      ...['--literal-pathspecs', 'ls-tree', '--full-tree', '-r', '-z', '--name-only'],
      ...[commit, '--', `${folder}/`],
    ],
  });
  return names.split('\0').filter(name => name !== '');
}
