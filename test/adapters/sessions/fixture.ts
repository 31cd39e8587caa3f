import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { commandAgent } from '../../../src/adapters/agents/command.ts';
import { endTree } from '../../../src/adapters/processes/process-tree.ts';
import type { SessionsOptions } from '../../../src/adapters/sessions/options.ts';
import { createSessions } from '../../../src/adapters/sessions.ts';
import { createTmux } from '../../../src/adapters/tmux.ts';
import type { Session, SessionLaunch, SessionPlan } from '../../../src/ports.ts';
import { makeTempDir, waitFor } from '../../helpers/temp.ts';

/** The programs that a session is made with. */
export interface Programs {
  readonly sessionHost: string;
  readonly hook: string;
}

/** Bundles the session host and the hook as the build does, for the tests of one file. */
export function useSessionHost(): Programs {
  const dir = mkdtempSync('/tmp/hz-');
  beforeAll(async () => {
    await build({
      entryPoints: {
        'session-host': 'src/adapters/session-host.ts',
        hook: 'src/adapters/agents/hook.ts',
      },
      outdir: dir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
    });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return { sessionHost: join(dir, 'session-host.mjs'), hook: join(dir, 'hook.mjs') };
}

/** A fleet with a tmux server of its own, whose agent is `script`, a program for Node. */
export function makeFleet(programs: Programs, script: string, change: Partial<SessionsOptions> = {}) {
  const root = makeTempDir();
  const runDir = join(root, 'project', '.harness', 'run');
  const worktree = join(root, 'worktree');
  mkdirSync(worktree);
  mkdirSync(runDir, { recursive: true });
  const program = join(root, 'agent.mjs');
  writeFileSync(program, PRELUDE + script);
  const env = { ...process.env, ...change.env, TMUX_TMPDIR: root };
  const tmux = createTmux({ socket: 'harness-test', env });
  const options: SessionsOptions = {
    runDir,
    tmux,
    agentFor: () =>
      commandAgent({
        program: `'${process.execPath}' '${program}' --some-flag`,
        model: '',
        effort: '',
        args: [],
      }),
    enclosure: async () => null,
    ...programs,
    pass: [],
    identity: { name: 'Ada', email: 'ada@example.com' },
    limitMs: 60_000,
    stallMs: 0,
    beginMs: 60_000,
    repairTurns: 3,
    deliverMs: 10_000,
    graceMs: 100,
    logCap: 50 * 1024 * 1024,
    logsCap: Number.POSITIVE_INFINITY,
    ...change,
    env,
  };
  const sessions = createSessions(options);
  const nonces = new Set<string>();
  onTestFinished(async () => {
    const left = await sessions.list();
    for (const { plan } of left) await sessions.discard(plan.name);
    for (const mark of nonces) await endTree({ leaders: [], mark }, { graceMs: 0 });
    await tmux.killServer();
  });

  const start = async (draft: Partial<SessionPlan> = {}, launch: Partial<SessionLaunch> = {}) => {
    const plan = makePlan({ worktree, ...draft });
    nonces.add(plan.nonce);
    if (!(await sessions.reserve(plan))) throw new Error(`The name ${plan.name} is taken.`);
    await sessions.launch(plan.name, { prompt: PROMPT, title: 'Greet the \u001b[31mworld', ...launch });
    return plan;
  };
  const find = async (name: string): Promise<Session> => {
    const session = (await sessions.list()).find(({ plan }) => plan.name === name);
    if (!session) throw new Error(`There is no session ${name}.`);
    return session;
  };
  const untilEnded = (name: string, limitMs?: number) =>
    waitFor(async () => {
      const session = await find(name);
      return session.state === 'ended' ? session : null;
    }, limitMs);
  const pidsOf = (name: string): { readonly host: number; readonly agent: number } => {
    const { host, agent } = JSON.parse(readFileSync(join(runDir, 'sessions', name, 'running.json'), 'utf8'));
    return { host: host.pid, agent: agent.pid };
  };
  const saw = (file: string) =>
    waitFor(() => existsSync(join(worktree, file)) && readFileSync(join(worktree, file), 'utf8'));
  return { pidsOf, saw, root, runDir, worktree, tmux, sessions, options, start, find, untilEnded };
}

export const PROMPT = 'Say "hello" to `$(world)`; it\'s 5 °C.;\n';

// What the agents of the tests are made of. `say` leaves a word as a file in the worktree for the test to see.
const PRELUDE = `
import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
const env = process.env;
const say = (name, text = '') => {
  writeFileSync('.' + name + '.part', String(text));
  renameSync('.' + name + '.part', name);
};
const outcome = change => JSON.stringify({
  version: 1, nonce: env.HARNESS_NONCE, repo: env.HARNESS_REPO, issue: Number(env.HARNESS_ISSUE),
  status: 'done', summary: 'Said hello.', criteria: [], blockers: [], discoveries: [], ...change,
});
const finish = change => writeFileSync(env.HARNESS_OUTCOME, outcome(change));
const work = () => setInterval(() => {}, 1_000);
`;

export function makePlan(draft: Partial<SessionPlan>): SessionPlan {
  return {
    name: 'x-app-i7',
    kind: 'IMPL',
    unit: 'app',
    repo: 'acme/app',
    issue: 7,
    attempt: 1,
    epoch: 1,
    nonce: randomUUID(),
    branch: 'issue/7',
    base: 'a'.repeat(40),
    start: 'a'.repeat(40),
    worktree: '/nonexistent',
    bodyHash: 'b'.repeat(64),
    ...draft,
  };
}
