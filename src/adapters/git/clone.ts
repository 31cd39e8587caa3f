import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import { withFileErrors } from './file-errors.ts';
import type { Git } from './run-git.ts';

/** Refs of the bare clone that only this host knows; nothing ever pushes them. */
export const LOCAL_REFS = 'refs/harness-local';

// Far longer than git holds a lock; what is older belongs to a process that was killed.
const LOCK_STALE_AFTER_MS = 600_000;

/** The directory of a repository's bare clone, which every process of this host shares; made when missing. */
export async function openClone(git: Git, repo: string): Promise<string> {
  const dir = cloneDirOf(git.options.clonesDir, repo);
  return withFileErrors(async () => {
    if (await modifiedAt(join(dir, 'HEAD'))) await dropStaleLock(join(dir, 'packed-refs.lock'));
    else await makeClone(git, dir);
    return dir;
  });
}

async function makeClone(git: Git, dir: string): Promise<void> {
  await mkdir(git.options.clonesDir, { recursive: true, mode: 0o700 });
  const staging = `${dir}.new-${git.options.nonce()}`;
  try {
    await git.read({ gitDir: staging, args: ['init', '--quiet', '--bare', '--template='] });
    await rename(staging, dir);
  } catch (error) {
    // Another process was faster: a directory that is not empty can't be replaced.
    if (!(await modifiedAt(join(dir, 'HEAD')))) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function cloneDirOf(clonesDir: string, repo: string): string {
  if (!/^[\w-][\w.-]*\/(?!\.{1,2}$)[\w.-]+$/.test(repo)) {
    throw new HarnessError('config-invalid', `${JSON.stringify(repo)} is not the name of a repository.`, {
      fix: 'Write it as owner/name.',
    });
  }
  return join(clonesDir, `${repo.toLowerCase().replace('/', '__')}.git`);
}

// Deleting a ref takes this lock, so one that was left behind would fail every later fetch.
async function dropStaleLock(path: string): Promise<void> {
  const modified = await modifiedAt(path);
  if (modified !== null && Date.now() - modified > LOCK_STALE_AFTER_MS) await rm(path, { force: true });
}

async function modifiedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}
