import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from './atomic-file.ts';
import { ringBell } from './bell.ts';

/** Whether a fleet is paused: a file in its run directory, so that a pause outlives every worker. */
export interface PauseFlag {
  isSet(): boolean;
  /** Sets or removes it and wakes the workers. */
  set(isPaused: boolean): void;
}

export function createPauseFlag(runDir: string): PauseFlag {
  const path = join(runDir, 'paused');
  return {
    isSet: () => existsSync(path),
    set(isPaused) {
      mkdirSync(runDir, { recursive: true, mode: 0o700 });
      if (isPaused) writeAtomic(path, '');
      else rmSync(path, { force: true });
      ringBell(runDir, isPaused ? 'paused' : 'resumed');
    },
  };
}
