import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unlessMissing } from '../missing.ts';

/** Directories that stand for a home and for `/tmp`. */
export interface Scratch {
  readonly home: string;
  readonly tmp: string;
}

/** The scratch directories of what works in `cwd`, made when they are missing; those of what is gone go. */
export function prepareScratch(scratchDir: string, cwd: string): Scratch {
  sweep(scratchDir, cwd);
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

function sweep(scratchDir: string, cwd: string): void {
  for (const name of unlessMissing(() => readdirSync(scratchDir)) ?? []) {
    const owner = unlessMissing(() => readlinkSync(join(scratchDir, name, OWNER)));
    if (owner !== null && owner !== cwd && !existsSync(owner)) {
      rmSync(join(scratchDir, name), { recursive: true, force: true });
    }
  }
}
