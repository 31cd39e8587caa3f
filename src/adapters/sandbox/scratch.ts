import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeTree } from '../git/remove-tree.ts';
import { unlessMissing } from '../missing.ts';

/** Directories that stand for a home and for `/tmp`. */
export interface Scratch {
  readonly home: string;
  readonly tmp: string;
}

/** The scratch directories of what works in `cwd`, made when they are missing. */
export function prepareScratch(scratchDir: string, cwd: string): Scratch {
  const dir = join(scratchDir, basename(cwd));
  const scratch = { home: join(dir, 'home'), tmp: join(dir, 'tmp') };
  for (const path of [scratch.home, scratch.tmp]) mkdirSync(path, { recursive: true, mode: 0o700 });
  try {
    symlinkSync(cwd, join(dir, OWNER));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return scratch;
}

/** A link to the directory for which a scratch directory was made. */
const OWNER = 'cwd';

/** Removes the scratch directories of what is gone, whatever rights an agent has given to what is in them. */
export async function sweepScratch(scratchDir: string): Promise<void> {
  for (const name of unlessMissing(() => readdirSync(scratchDir)) ?? []) {
    const path = join(scratchDir, name);
    const owner = unlessMissing(() => readlinkSync(join(path, OWNER)));
    // What ends in `.old` is what a crash has left of an earlier removal.
    if (name.endsWith('.old') || (owner !== null && !existsSync(owner))) await removeTree(path);
  }
}
