import packageJson from '../../package.json' with { type: 'json' };
import { openWorkerLog } from '../context/worker.ts';
import { createEngine, openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { runWorker } from '../loop/worker.ts';
import type { Workers } from '../ports.ts';

/** One resident worker, in the foreground: drives a unit until SIGTERM, or stands by. */
export async function workerCommand(
  options: { slot: string; dir?: string | undefined },
  io: Invocation,
): Promise<number> {
  const name = `w${options.slot}`;
  const { signal } = io;
  // Its tmux session is gone: nobody could see it go on, and `start` puts another in its place.
  signal.addEventListener('abort', () => signal.reason === 'SIGHUP' && io.exitNow(EXIT.interrupted));
  const project = await openProject(io, options.dir);
  const log = await openWorkerLog(project, io, name);
  const engine = await createEngine(project, io, {
    worker: Number(options.slot),
    log,
    clonesDir: project.paths.clonesDir,
    readOnly: false,
  });
  const { workers, settings } = project;
  workers.announce(name, packageJson.version);
  await project.registry.join(name);
  log.info(`worker ${name} of fleet ${project.fleet} runs`, { version: packageJson.version });
  await runWorker(engine, {
    signal,
    graceMs: graceAfter(signal, settings.HARNESS_PAUSE_GRACE, workers),
  });
  await project.registry.leave();
  workers.dismiss(name);
  log.info(`worker ${name} ended`);
  return EXIT.ok;
}

/** Milliseconds that live sessions still have: until the deadline that `stop` wrote, or a grace period from the signal. */
function graceAfter(signal: AbortSignal, graceSeconds: number, workers: Workers): () => number {
  let endsAt = Number.POSITIVE_INFINITY;
  signal.addEventListener('abort', () => {
    endsAt = Date.now() + graceSeconds * 1000;
  });
  return () => (workers.stopDeadline() ?? endsAt) - Date.now();
}
