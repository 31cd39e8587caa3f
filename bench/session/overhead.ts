import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgent } from '../../src/adapters/agents/create-agent.ts';
import { profileFor } from '../../src/adapters/agents/profile.ts';
import { createEvents, type Events } from '../../src/adapters/host/next-event.ts';
import { findSandbox } from '../../src/adapters/sandbox/find-sandbox.ts';
import { createSessions } from '../../src/adapters/sessions.ts';
import { createTmux } from '../../src/adapters/tmux.ts';
import { parseSettings } from '../../src/core/parse-settings.ts';
import type { SessionPlan, Sessions } from '../../src/ports.ts';

const ROUNDS = 15;

/**
 * Prints what a session adds to its agent's own time, in a terminal (the default) and headless: from the decision to
 * start it to its start, with the hooks that it calls then, and from its last instruction to a slot that is free again.
 */
export async function printOverhead({ root }: { readonly root: string }): Promise<void> {
  row('for scale: node -e 0', `${nodeMs().toFixed(0)} ms`);
  for (const mode of ['interactive', 'headless'] as const) await printMode({ root, mode });
}

async function printMode(where: Where): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'harness-bench-'));
  try {
    const { sessions, events, tmux, sandbox } = await setUp(where, home);
    const rounds: Round[] = [];
    for (let index = 0; index < ROUNDS; index++)
      rounds.push(await measure({ sessions, events, home, index }));
    await tmux.killServer();
    row(`${where.mode}, sandbox`, sandbox);
    row('decision → agent started, its first hooks answered', seconds(rounds.map(({ before }) => before)));
    row('last instruction of the agent → slot free', seconds(rounds.map(({ after }) => after)));
    row('both: what a session adds to its agent', seconds(rounds.map(({ before, after }) => before + after)));
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Where {
  readonly root: string;
  readonly mode: 'interactive' | 'headless';
}

async function setUp({ root, mode }: Where, home: string) {
  const program = path.join(root, 'bench/session/claude.mjs');
  const env = { ...process.env, HOME: home, TMUX_TMPDIR: home, ANTHROPIC_API_KEY: 'not-a-real-key' };
  const settings = parseSettings({ HARNESS_CLAUDE_PROGRAM: program, HARNESS_AGENT_MODE: mode });
  const dir = path.join(home, '.harness');
  const tmux = createTmux({ socket: 'bench', env });
  const sandbox = await findSandbox(
    settings.HARNESS_SANDBOX,
    {
      ...{ home, path: process.env.PATH ?? '', scratchDir: path.join(dir, 'sandboxes') },
      ...{ hidden: () => [dir], needed: [], readable: [root], writable: [] },
    },
    env,
  );
  const sessions = createSessions({
    ...{ runDir: path.join(dir, 'run'), tmux, env, pass: [] },
    agentFor: (kind, size) => createAgent(profileFor(settings, kind, size), env),
    enclosure: async () => (sandbox.kind === 'on' ? sandbox.sandbox : null),
    sessionHost: path.join(root, 'dist/session-host.js'),
    hook: path.join(root, 'dist/hook.js'),
    identity: { name: 'bench', email: 'bench@example.invalid' },
    limitMs: settings.HARNESS_SESSION_MINUTES * 60_000,
    stallMs: settings.HARNESS_STALL_MINUTES * 60_000,
    beginMs: 120_000,
    repairTurns: settings.HARNESS_REPAIR_TURNS,
    ...{ deliverMs: 30_000, graceMs: 5_000, logCap: 50 * 1024 * 1024, logsCap: Number.POSITIVE_INFINITY },
  });
  const events = createEvents(path.join(dir, 'run'), null);
  return { sessions, events, tmux, sandbox: sandbox.kind === 'on' ? sandbox.version : sandbox.why };
}

/** Milliseconds. */
interface Round {
  readonly before: number;
  readonly after: number;
}

async function measure({
  sessions,
  events,
  home,
  index,
}: {
  readonly sessions: Sessions;
  readonly events: Events;
  readonly home: string;
  readonly index: number;
}): Promise<Round> {
  const worktree = path.join(home, `worktree-${index}`);
  mkdirSync(worktree);
  const plan: SessionPlan = {
    ...{ name: `bench-i${index}`, kind: 'IMPL', unit: 'main', repo: 'acme/app', issue: index, attempt: 1 },
    ...{ epoch: 1, nonce: randomUUID(), branch: 'x', base: '', start: '', worktree, bodyHash: '' },
  };
  const decidedAt = Date.now();
  await sessions.reserve(plan);
  await sessions.launch(plan.name, { prompt: 'Work.', title: 'Work' });
  // As the worker does: it looks when it hears the bell.
  const never = new AbortController().signal;
  while ((await sessions.list())[0]?.state !== 'ended') await events.next(10_000, never);
  await sessions.discard(plan.name);
  const freeAt = Date.now();
  const { bornAt, hookMs, endedAt } = JSON.parse(readFileSync(path.join(worktree, 'times.json'), 'utf8')) as {
    readonly bornAt: number;
    readonly hookMs: number;
    readonly endedAt: number;
  };
  return { before: bornAt - decidedAt + hookMs, after: freeAt - endedAt };
}

const row = (name: string, value: string) => console.log(`  ${name.padEnd(60)} ${value}`);

function nodeMs(): number {
  const startedAt = performance.now();
  for (let round = 0; round < 5; round++) execFileSync(process.execPath, ['-e', '0']);
  return (performance.now() - startedAt) / 5;
}

function seconds(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  const at = (index: number) => ((sorted.at(index) ?? 0) / 1000).toFixed(2);
  return `${at(Math.floor(sorted.length / 2))} s (${at(0)} to ${at(-1)})`;
}
