import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './file-errors.ts';

/**
 * Removes a directory and all that is in it, without following links; one that is gone is a success. It is
 * renamed first, so that a crash never leaves half of it at `path`.
 */
export async function removeTree(path: string): Promise<void> {
  const trash = `${path}.old`;
  try {
    await deleteAll(trash);
    await rename(path, trash);
  } catch (error) {
    // ENOTDIR: something else stands where the directory above it should be.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return;
    throw error;
  }
  await deleteAll(trash);
}

async function deleteAll(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    // Package caches (Go modules, say) make their directories read-only.
    await makeWritable(path);
    await remove();
  }
}

async function makeWritable(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  const entries = await readdir(dir, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(dir, entry.name));
}
