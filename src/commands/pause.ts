import { openEngine, openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { describeSaved, savedWorkOf } from './saved-work.ts';
import { aliveWorkers, endOfWait, untilPutDown } from './until-put-down.ts';

export interface PauseOptions {
  readonly dir?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Pauses the fleet: nothing new is started, what runs finishes and lands. By force, what runs is asked for a handoff,
 * ended after HARNESS_PAUSE_GRACE seconds at the latest, and saved for whatever host goes on. Pausing twice is a
 * success; leaving work behind that is not settled is none. Ctrl-C stops waiting, not the pause.
 */
export function pauseCommand(options: PauseOptions, io: Invocation): Promise<number> {
  return options.force ? pauseByForce(options, io) : setPaused(options, io, true);
}

/** Takes a pause back. Resuming what is not paused is a success. */
export function resumeCommand(options: PauseOptions, io: Invocation): Promise<number> {
  return setPaused(options, io, false);
}

async function setPaused({ dir, json }: PauseOptions, io: Invocation, paused: boolean): Promise<number> {
  const project = await openProject(io, dir);
  const { fleet } = project;
  const before = project.pause.isSet();
  // What is being ended goes on being ended: only `resume` takes a pause by force back.
  project.pause.set(paused, paused ? project.pause.deadline() : null);
  const running = aliveWorkers(project).length;
  if (json) {
    io.out(`${JSON.stringify({ fleet, paused, changed: before !== paused, running })}\n`);
    return EXIT.ok;
  }
  const state = paused ? 'Paused: nothing new is started, what runs finishes and lands.' : 'Resumed.';
  io.out(before === paused ? `Already ${paused ? 'paused' : 'running on'}.\n` : `${state}\n`);
  if (!paused && running === 0) io.out('No worker runs: `harness start` starts them.\n');
  return EXIT.ok;
}

async function pauseByForce({ dir, json }: PauseOptions, io: Invocation): Promise<number> {
  // Asked for at once, so that Ctrl-C never ends it half way.
  const { signal } = io;
  const project = await openProject(io, dir);
  const graceMs = project.settings.HARNESS_PAUSE_GRACE * 1000;
  const deadline = Date.now() + graceMs;
  // New work stops first; what is seen after it is all there is.
  project.pause.set(true, deadline);
  const engine = await openEngine(project, io);
  if (!json) io.out(`Pausing: what runs has ${graceMs / 1000} s to write a handoff …\n`);
  const sessions = await untilPutDown(project, engine, { deadline, signal });
  const saved = await savedWorkOf(engine, sessions);
  const running = aliveWorkers(project).length;
  const end = endOfWait(saved, signal);
  io.out(
    json
      ? `${JSON.stringify({ fleet: project.fleet, paused: true, running, saved }, null, 2)}\n`
      : `${describeSaved(saved)}${PAUSED[end]}\n`,
  );
  return EXIT[end];
}

const PAUSED = {
  ok: 'Paused. `harness resume` goes on here; `harness start` on any other host of the repository goes on there.',
  failed: 'Paused, but not all is saved yet. Do not move on: `harness pause --force` tries again.',
  interrupted: 'Paused, but not all is saved yet: `harness pause --force` waits for it again.',
} as const;
