import { join } from 'node:path';
import { childEnv, TOKEN_NAMES } from '../adapters/child-env.ts';
import { systemClock } from '../adapters/clock.ts';
import { resolveToken } from '../adapters/github/token.ts';
import { createLog } from '../adapters/log.ts';
import type { Project } from '../context.ts';
import { hostSecrets } from '../core/secrets/host-secrets.ts';
import type { Settings } from '../core/settings.ts';
import type { Invocation } from '../invocation.ts';
import type { Log } from '../ports.ts';
import { agentVariables } from './agents.ts';

/** A worker's log: a file in the run directory, and its pane. */
export async function openWorkerLog(project: Project, io: Invocation, name: string): Promise<Log> {
  const token = await resolveToken({ env: io.env, apiUrl: project.settings.HARNESS_API_URL });
  return createLog({
    path: join(project.paths.runDir, 'logs', `worker-${name}.log`),
    sink: line => io.out(`${line}\n`),
    isVerbose: io.env.HARNESS_DEBUG === '1',
    secrets: [...hostSecrets(io.env), token],
    clock: systemClock,
  });
}

/** The environment of a worker: what every program gets, the engine's own variables, and credentials. */
export function workerEnv(settings: Settings, env: Invocation['env']): Record<string, string> {
  const names = new Set([...TOKEN_NAMES, 'GH_CONFIG_DIR', 'TMUX_TMPDIR', ...agentVariables(settings)]);
  const isOwn = (name: string) => name.startsWith('HARNESS_') || names.has(name);
  const own = Object.entries(env).flatMap(([name, value]) => (value && isOwn(name) ? [[name, value]] : []));
  return { ...childEnv(env, { pass: [], extras: {} }), ...Object.fromEntries(own) };
}
