import { setTimeout as pause } from 'node:timers/promises';
import { openEngine, openProject, type Project } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { WorkerRecord } from '../ports.ts';
import { describeSaved, savedWorkOf } from './saved-work.ts';
import { cleanWorktrees, describeWorktrees } from './stop/worktrees.ts';
import { aliveWorkers, endOfWait, untilPutDown } from './until-put-down.ts';

export interface StopOptions {
  readonly dir?: string | undefined;
  readonly now?: boolean | undefined;
  readonly clean?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Stops the fleet: the workers start nothing new, live sessions get HARNESS_PAUSE_GRACE seconds to finish, then they
 * are ended, and what they have is saved for whatever host goes on. Ctrl-C stops waiting, not the stopping.
 */
export async function stopCommand(options: StopOptions, io: Invocation): Promise<number> {
  // Asked for at once, so that Ctrl-C never ends it half way.
  const { signal } = io;
  const project = await openProject(io, options.dir);
  const { workers } = project;
  const alive = aliveWorkers(project);
  const graceMs = options.now ? 0 : project.settings.HARNESS_PAUSE_GRACE * 1000;
  const deadline = Date.now() + graceMs;
  workers.setStopDeadline(deadline);
  for (const { pid } of alive) process.kill(pid, 'SIGTERM');
  if (alive.length > 0 && !options.json) {
    io.out(`Stopping ${namesOf(alive)}${options.now ? ' now' : ''} …\n`);
  }
  const engine = await openEngine(project, io);
  const before = await untilPutDown(project, engine, { deadline, signal });
  const left = await waitForEnd(project, alive, deadline + SETTLE_MS, signal);
  if (left.length > 0 && signal.aborted) {
    io.err(
      `Not waited for: ${namesOf(left)} will end when what runs is saved; \`harness stop\` waits again.\n`,
    );
    return EXIT.interrupted;
  }
  if (left.length > 0) {
    throw new HarnessError('engine-failed', `Still running: ${namesOf(left)}.`, {
      fix: 'Wait for their work to be put down, or use `harness stop --now`.',
    });
  }
  // A worker may have been about to start one.
  const after = await untilPutDown(project, engine, { deadline, signal });
  const sessions = [...new Map([...before, ...after].map(one => [one.plan.nonce, one])).values()];
  await project.registry.leave();
  if ((await project.tmux.listSessions()).length === 0) await project.tmux.killServer();
  const stopped = alive.map(worker => worker.name);
  const saved = await savedWorkOf(engine, sessions);
  const worktrees = options.clean ? await cleanWorktrees(project, engine) : [];
  const end = endOfWait(saved, signal);
  if (options.json) {
    io.out(`${JSON.stringify({ fleet: project.fleet, stopped, saved, worktrees }, null, 2)}\n`);
    return EXIT[end];
  }
  io.out(describeSaved(saved));
  io.out(describeWorktrees(worktrees));
  io.out(`${stopped.length + saved.length === 0 ? 'Nothing was running.' : STOPPED[end]}\n`);
  return EXIT[end];
}

const UNSETTLED = 'Stopped, but not all is saved yet: `harness stop` tries again, and the next start does.';

const STOPPED = { ok: 'Stopped.', failed: UNSETTLED, interrupted: UNSETTLED } as const;

const namesOf = (workers: readonly WorkerRecord[]) => workers.map(({ name }) => name).join(', ');

// After the grace period sessions are ended and their attempts get a receipt; a verification may be running.
const SETTLE_MS = 60_000;

async function waitForEnd(
  { workers }: Project,
  asked: readonly WorkerRecord[],
  deadline: number,
  signal: AbortSignal,
): Promise<readonly WorkerRecord[]> {
  for (;;) {
    const running = workers.list().filter(({ isAlive }) => isAlive);
    const left = running.filter(({ pid }) => asked.some(worker => worker.pid === pid));
    if (left.length === 0 || signal.aborted || Date.now() > deadline) return left;
    await pause(50);
  }
}
