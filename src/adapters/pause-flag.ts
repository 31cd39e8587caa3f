import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from './atomic-file.ts';
import { ringBell } from './bell.ts';

/** Whether a fleet is paused: a file in its run directory, so that a pause outlives every worker. */
export interface PauseFlag {
  isSet(): boolean;
  /** Until when live sessions may go on, in milliseconds since the epoch; null unless the pause is by force. */
  deadline(): number | null;
  /** Sets or removes it and wakes the workers. */
  set(isPaused: boolean, deadline?: number | null): void;
}

export function createPauseFlag(runDir: string): PauseFlag {
  const path = join(runDir, 'paused');
  return {
    isSet: () => existsSync(path),
    deadline: () => readDeadline(path),
    set(isPaused, deadline = null) {
      mkdirSync(runDir, { recursive: true, mode: 0o700 });
      if (isPaused) writeAtomic(path, deadline === null ? '' : String(deadline));
      else rmSync(path, { force: true });
      ringBell(runDir, isPaused ? 'paused' : 'resumed');
    },
  };
}

function readDeadline(path: string): number | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
