import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';

/**
 * Where the temporary files of a scratch directory are: the path of a socket has at most 108 bytes (unix(7)), and that
 * of a scratch directory has most of them already. The same for every process, whatever its own TMPDIR is.
 */
export function shortTmp(scratch: string): string {
  const digest = createHash('sha256').update(scratch).digest('hex').slice(0, 12);
  return `/tmp/harness-${process.getuid?.() ?? 0}-${digest}`;
}

/** Makes it. false: something of somebody else has its name, as everybody may write in `/tmp`. */
export function makeShortTmp(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const entry = lstatSync(path);
    return entry.isDirectory() && entry.uid === process.getuid?.();
  }
}
