import { setTimeout as pause } from 'node:timers/promises';
import { openProject, type Project, withReader } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { WorkerRecord } from '../ports.ts';

export interface StopOptions {
  readonly dir?: string | undefined;
  readonly now?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Stops the fleet: the workers start nothing new, live sessions get HARNESS_PAUSE_GRACE seconds to finish, then
 * they are ended and what they have is kept for the next attempt. Ctrl-C stops waiting, not the stopping.
 */
export async function stopCommand(options: StopOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const { workers } = project;
  const alive = workers.list().filter(worker => worker.isAlive);
  const graceMs = options.now ? 0 : project.settings.HARNESS_PAUSE_GRACE * 1000;
  const deadline = Date.now() + graceMs;
  workers.setStopDeadline(deadline);
  for (const { pid } of alive) process.kill(pid, 'SIGTERM');
  if (alive.length > 0 && !options.json) {
    io.out(`Stopping ${alive.map(worker => worker.name).join(', ')}${options.now ? ' now' : ''} …\n`);
  }
  const left = await waitForEnd(project, alive, deadline + SETTLE_MS, io.signal);
  if (left.length > 0) {
    throw new HarnessError('engine-failed', `Still running: ${left.map(worker => worker.name).join(', ')}.`, {
      fix: 'Wait for their work to be put down, or use `harness stop --now`.',
    });
  }
  await project.registry.leave();
  const ended = await endOrphans(project, io);
  const stopped = alive.map(worker => worker.name);
  if (options.json) io.out(`${JSON.stringify({ fleet: project.fleet, stopped, ended })}\n`);
  else io.out(stopped.length + ended.length === 0 ? 'Nothing was running.\n' : 'Stopped.\n');
  return EXIT.ok;
}

/**
 * Ends sessions whose workers had died before, and then the tmux server. Their attempts are settled by the next
 * start, with what is in their worktrees.
 */
async function endOrphans(project: Project, io: Invocation): Promise<readonly string[]> {
  const ended = await withReader(project, io, async ({ sessions }) => {
    const live = (await sessions.list()).filter(({ state }) => state === 'running' || state === 'starting');
    await Promise.all(live.map(({ plan }) => sessions.end(plan.name, 'stopped')));
    return live.map(({ plan }) => plan.name);
  });
  if ((await project.tmux.listSessions()).length === 0) await project.tmux.killServer();
  return ended;
}

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
