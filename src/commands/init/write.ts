import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HarnessError, messageOf } from '../../errors.ts';

/**
 * Writes files one after the other, each one whole or not at all, with their directories. A symlink stays one:
 * what it points to is replaced. Throws `config-unwritable`.
 */
export async function writeTexts(
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  for (const file of files) {
    try {
      await mkdir(dirname(file.path), { recursive: true });
      await replaceFile(await realpath(file.path).catch(() => file.path), file.text);
    } catch (cause) {
      throw new HarnessError('config-unwritable', `${file.path}: ${messageOf(cause)}`, { cause });
    }
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.new`;
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
