import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeTree } from '../git/remove-tree.ts';
import { unlessMissing } from '../missing.ts';
import { shortTmp } from './short-tmp.ts';

/** The scratch directory of what works in `cwd`, with those of the directories in it that are named. */
export function makeScratch(scratchDir: string, cwd: string, parts: readonly string[]): string {
  const dir = join(scratchDir, basename(cwd));
  makeParts(dir, parts);
  try {
    symlinkSync(cwd, join(dir, OWNER));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return dir;
}

/** Makes the parts of a scratch directory. One that was made for nothing is never swept. */
export function makeParts(dir: string, parts: readonly string[]): void {
  for (const part of parts) mkdirSync(join(dir, part), { recursive: true, mode: 0o700 });
}

/** A link to the directory for which a scratch directory was made. */
const OWNER = 'cwd';

/** Removes the scratch directories of what is gone, whatever rights an agent has given to what is in them. */
export async function sweepScratch(scratchDir: string): Promise<void> {
  for (const name of unlessMissing(() => readdirSync(scratchDir)) ?? []) {
    const path = join(scratchDir, name);
    const owner = unlessMissing(() => readlinkSync(join(path, OWNER)));
    // What ends in `.old` is what a crash has left of an earlier removal.
    if (!name.endsWith('.old') && (owner === null || existsSync(owner))) continue;
    // First, since nothing else tells that it is there.
    await removeTree(shortTmp(path));
    await removeTree(path);
  }
}
