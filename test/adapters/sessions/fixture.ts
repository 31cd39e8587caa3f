import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { commandAgent } from '../../../src/adapters/agents/command.ts';
import type { Environment } from '../../../src/adapters/child-env.ts';
import { endTree } from '../../../src/adapters/processes/process-tree.ts';
import { createSessions, type SessionsOptions } from '../../../src/adapters/sessions.ts';
import { createTmux } from '../../../src/adapters/tmux.ts';
import type { Session, SessionPlan } from '../../../src/ports.ts';

/** A directory that is gone after the test. Its path is short: a socket's may not exceed 107 bytes. */
export function makeTempDir(): string {
  const dir = mkdtempSync('/tmp/hz-');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

/** Waits until `probe` returns something other than null, undefined or false. */
export async function waitFor<T>(probe: () => T | Promise<T>, limitMs = 15_000): Promise<NonNullable<T>> {
  const startedAt = performance.now();
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() - startedAt > limitMs) throw new Error(`Waited in vain: ${probe}`);
    await pause(10);
  }
}

/** Bundles the session host as the build does. */
export async function buildSessionHost(dir: string): Promise<string> {
  const outfile = join(dir, 'session-host.mjs');
  await build({
    entryPoints: ['src/adapters/session-host.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return outfile;
}

/** A fleet with a tmux server of its own and an agent that is `script`, a program for Node. */
export function makeFleet(
  sessionHost: string,
  script: string,
  change: Partial<SessionsOptions> & { readonly env?: Environment } = {},
) {
  const root = makeTempDir();
  const runDir = join(root, 'project', '.harness', 'run');
  const worktree = join(root, 'worktree');
  mkdirSync(worktree);
  mkdirSync(join(root, 'project', '.harness'), { recursive: true });
  const program = join(root, 'agent.mjs');
  writeFileSync(program, script);
  const env = { ...process.env, TMUX_TMPDIR: root, ...change.env };
  const tmux = createTmux({ socket: 'harness-test', env });
  const options: SessionsOptions = {
    runDir,
    tmux,
    agent: commandAgent(`'${process.execPath}' '${program}'`),
    sessionHost,
    pass: [],
    identity: { name: 'Ada', email: 'ada@example.com' },
    limitMs: 60_000,
    graceMs: 500,
    logCap: 50 * 1024 * 1024,
    ...change,
    env,
  };
  const sessions = createSessions(options);
  const nonces = new Set<string>();
  onTestFinished(async () => {
    await tmux.killServer();
    for (const mark of nonces) await endTree({ leaders: [], mark }, { graceMs: 0 });
  });

  const start = async (draft: Partial<SessionPlan> = {}) => {
    const plan = makePlan({ worktree, ...draft });
    nonces.add(plan.nonce);
    if (!(await sessions.reserve(plan))) throw new Error('the name is taken');
    await sessions.launch(plan.name, { prompt: 'Say "hello" to `$(world)`;', title: 'Greet the world' });
    return plan;
  };
  const find = async (name: string): Promise<Session | undefined> =>
    (await sessions.list()).find(({ plan }) => plan.name === name);
  const untilEnded = (name: string) =>
    waitFor(async () => {
      const session = await find(name);
      return session?.state === 'ended' ? session : null;
    });
  return { root, runDir, worktree, tmux, sessions, options, start, find, untilEnded };
}

export function makePlan(draft: Partial<SessionPlan>): SessionPlan {
  return {
    name: 'x-app-i7',
    kind: 'IMPL',
    unit: 'app',
    repo: 'acme/app',
    issue: 7,
    attempt: 1,
    epoch: 1,
    nonce: `nonce-${Math.random().toString(36).slice(2)}`,
    branch: 'issue/7',
    base: 'a'.repeat(40),
    worktree: '/nonexistent',
    bodyHash: 'b'.repeat(64),
    ...draft,
  };
}

/** What `ps` says about everybody's command lines. */
export const commandLines = () => execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
