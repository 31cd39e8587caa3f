import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomic } from '../atomic-file.ts';

/** Writes those of the files that are not there, with their directories, for their owner only. */
export function writeMissing(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeAtomic(path, text);
  }
}
