import { openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';

export interface PauseOptions {
  readonly dir?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Pauses the fleet: nothing new is started, what runs finishes and lands. Pausing twice is a success. */
export function pauseCommand(options: PauseOptions, io: Invocation): Promise<number> {
  return setPaused(options, io, true);
}

/** Takes a pause back. Resuming what is not paused is a success. */
export function resumeCommand(options: PauseOptions, io: Invocation): Promise<number> {
  return setPaused(options, io, false);
}

async function setPaused({ dir, json }: PauseOptions, io: Invocation, paused: boolean): Promise<number> {
  const { pause, workers, fleet } = await openProject(io, dir);
  const before = pause.isSet();
  pause.set(paused);
  const running = workers.list().filter(({ isAlive }) => isAlive).length;
  if (json) {
    io.out(`${JSON.stringify({ fleet, paused, changed: before !== paused, running })}\n`);
    return EXIT.ok;
  }
  const state = paused ? 'Paused: nothing new is started, what runs finishes and lands.' : 'Resumed.';
  io.out(before === paused ? `Already ${paused ? 'paused' : 'running on'}.\n` : `${state}\n`);
  if (!paused && running === 0) io.out('No worker runs: `harness start` starts them.\n');
  return EXIT.ok;
}
