import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bootId, identifySelf, isAlive } from '../adapters/processes.ts';
import { createTmux, socketName } from '../adapters/tmux.ts';
import { openEngine, type Project } from '../context.ts';
import type { Invocation } from '../invocation.ts';
import type { Engine } from '../loop/engine.ts';

/**
 * Runs `use` with an engine whose sessions nobody else sees: the fleet's workers would take one that has no lease for
 * a stray. Their files and their tmux server are gone afterwards; what a command left that was killed goes first.
 */
export async function withOwnSessions<T>(
  project: Project,
  io: Invocation,
  use: (engine: Engine, attach: (session: string) => string) => Promise<T>,
): Promise<T> {
  const { runDir } = project.paths;
  await mkdir(runDir, { recursive: true });
  const { pid, started } = identifySelf();
  for (const name of await readdir(runDir)) {
    if (isLeftOver(name)) await sweep(project, io, join(runDir, name));
  }
  const place = placeOf(
    project,
    io,
    await mkdtemp(join(runDir, `inject-${pid}-${encodeURIComponent(started)}-`)),
  );
  try {
    const engine = await openEngine({ ...project, sessions: place }, io);
    return await use(engine, session => `tmux -L ${place.socket} attach -t ${session}`);
  } finally {
    await remove(place);
  }
}

type Place = Project['sessions'] & { readonly socket: string };

function placeOf({ fleet }: Project, { env }: Invocation, runDir: string): Place {
  // A socket's path must be short: the end of the name is what is random in it.
  const socket = `${socketName(fleet)}-${basename(runDir).slice(-6)}`;
  return { runDir, socket, tmux: createTmux({ socket, env }) };
}

async function remove({ tmux, runDir }: Place): Promise<void> {
  await tmux.killServer();
  await rm(runDir, { recursive: true, force: true });
}

function isLeftOver(name: string): boolean {
  const [, pid, started] = /^inject-(\d+)-(.+)-[^-]+$/.exec(name) ?? [];
  if (pid === undefined || started === undefined) return false;
  return !isAlive({ pid: Number(pid), started: decodeURIComponent(started), boot: bootId() });
}

async function sweep(project: Project, io: Invocation, runDir: string): Promise<void> {
  const place = placeOf(project, io, runDir);
  const { sessions, repos } = await openEngine({ ...project, sessions: place }, io);
  for (const { plan } of await sessions.list()) {
    await sessions.end(plan.name, 'cancelled');
    await repos.removeWorktree(plan.worktree);
    await sessions.discard(plan.name);
  }
  await remove(place);
}
