import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { Oid } from '../../ports.ts';
import { isPlainDirectory, readBranch, readPlainFile } from './branch-file.ts';
import { pin } from './fetch.ts';
import type { Git } from './run-git.ts';

interface Source {
  /** The bare clone that takes the commits. */
  readonly gitDir: string;
  /** The worktree, whose files are data: git is never run with its git directory. */
  readonly path: string;
  readonly branch: string;
}

/**
 * Copies a branch's commits from a worktree into the bare clone. What arrives is checked as objects from a
 * stranger are. null when the branch is gone, or any object of it is broken or missing.
 */
export async function collectBranch(git: Git, source: Source): Promise<Oid | null> {
  const head = await readBranch(source.path, source.branch);
  if (head === null) return null;
  const { gitDir } = source;
  if (!(await isComplete(git, gitDir, head)) && !(await copyObjects(git, source, head))) return null;
  await pin(git, gitDir, { name: `branch ${source.branch}`, tip: head });
  return head;
}

/** Whether a commit and all that it reaches is in the clone. */
async function isComplete(git: Git, gitDir: string, head: Oid): Promise<boolean> {
  const isCommit = await git.holds({ gitDir, args: ['cat-file', '-e', `${head}^{commit}`] });
  return (
    isCommit && git.holds({ gitDir, args: ['rev-list', '--quiet', '--objects', head, '--not', '--all'] })
  );
}

async function copyObjects(git: Git, { gitDir, path }: Source, head: Oid): Promise<boolean> {
  const objects = join(path, '.git', 'objects');
  if (!(await lendsOnlyItsOwn(objects, gitDir))) {
    git.options.log.warn('the objects of a worktree are not what the engine made', { path });
    return false;
  }
  const incoming = join(gitDir, `incoming-${git.options.nonce()}`);
  await mkdir(incoming);
  try {
    const tips = await git.line({ gitDir, args: ['for-each-ref', '--format=^%(objectname)'] });
    const pack = await git.line({
      gitDir,
      args: ['pack-objects', '--revs', '--quiet', join(incoming, 'pack')],
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects) },
      input: `${head}\n${tips}\n`,
    });
    const inputFile = join(incoming, `pack-${pack}.pack`);
    await git.read({ gitDir, args: ['index-pack', '--stdin', '--strict'], inputFile });
  } catch (error) {
    git.options.log.warn('the commits of a worktree can not be used', { path, reason: messageOf(error) });
    return false;
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
  return isComplete(git, gitDir, head);
}

// A link, or another alternate, would lend the objects of a repository that the agent has no business in.
async function lendsOnlyItsOwn(objects: string, gitDir: string): Promise<boolean> {
  if (!(await isPlainDirectory(objects))) return false;
  const alternates = await readPlainFile(objects, 'info/alternates', 64 * 1024);
  if (alternates.kind === 'missing') return true;
  return alternates.kind === 'read' && alternates.text.trim() === join(gitDir, 'objects');
}
