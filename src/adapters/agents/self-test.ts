import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { messageOf } from '../../errors.ts';
import type { Session, SessionPlan, Sessions } from '../../ports.ts';
import { childEnv, type Environment } from '../child-env.ts';
import type { Enclosure } from '../enclosure.ts';
import { endTree } from '../processes/process-tree.ts';
import { findProgram } from '../programs.ts';
import { sessionPaths } from '../sessions/session-files.ts';
import { createSessions } from '../sessions.ts';
import { createTmux, type Tmux } from '../tmux.ts';
import { createAgent } from './create-agent.ts';
import { readEvents } from './events.ts';
import type { AgentProfile } from './profile.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** What a self-test is made with. */
export interface SelfTestOptions {
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
  /** Path of the bundled `session-host.js`. */
  readonly sessionHost: string;
  /** Path of the bundled `hook.js`. */
  readonly hook: string;
  readonly sandbox: Enclosure | null;
}

/**
 * Runs `claude` or `codex` in a session, in the mode and the sandbox that are configured and a tmux server of its own,
 * for one turn with a stand-in for its model on this host: it costs no tokens and needs no login. Returns why it does
 * not work; null when it does.
 */
export async function testAgent(profile: AgentProfile, options: SelfTestOptions): Promise<string | null> {
  if (findProgram('tmux', options.env) === null) return 'tmux, in which it runs, is not installed';
  const root = mkdtempSync(join(tmpdir(), 'harness-test-'));
  const nonce = randomBytes(16).toString('hex');
  const model = await startStandIn();
  const tmux = createTmux({ socket: NAME, env: { ...options.env, TMUX_TMPDIR: root } });
  const sessions = sessionsIn({ root, model, tmux, profile, options });
  try {
    const plan = await prepare(options.env, { root, nonce });
    await sessions.reserve(plan);
    await sessions.launch(NAME, { prompt: 'Say that you are done.', title: NAME });
    return whyNot(await untilEnded(sessions), { root, model });
  } catch (error) {
    return messageOf(error);
  } finally {
    await endTree({ leaders: [], mark: nonce }, { graceMs: 0 });
    await tmux.killServer();
    model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    await options.sandbox?.sweep();
  }
}

const NAME = 'self-test';

async function prepare(
  env: Environment,
  { root, nonce }: { readonly root: string; readonly nonce: string },
): Promise<SessionPlan> {
  // The private home in the sandbox is named after it.
  const worktree = join(root, `worktree-${nonce}`);
  mkdirSync(worktree);
  await execa('git', ['init', '--quiet', worktree], {
    env: childEnv(env, { pass: [], extras: {} }),
    extendEnv: false,
  });
  return {
    ...{ name: NAME, kind: 'IMPL', unit: 'main', repo: 'self/test', issue: null, attempt: 1, epoch: 1 },
    ...{ nonce, worktree, branch: 'main', base: '', start: '', bodyHash: '' },
  };
}

const runDirIn = (root: string) => join(root, 'run');

function sessionsIn({
  root,
  model,
  tmux,
  profile,
  options,
}: {
  readonly root: string;
  readonly model: StandIn;
  readonly tmux: Tmux;
  readonly profile: AgentProfile;
  readonly options: SelfTestOptions;
}): Sessions {
  const env = { ...options.env, ...loginsFor(model) };
  return createSessions({
    runDir: runDirIn(root),
    tmux,
    agentFor: () => createAgent(alone(profile, model), env),
    enclosure: async () => options.sandbox,
    sessionHost: options.sessionHost,
    hook: options.hook,
    env,
    pass: [...options.pass, 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'DISABLE_TELEMETRY'],
    identity: { name: NAME, email: `${NAME}@example.invalid` },
    limitMs: LIMIT_MS,
    stallMs: 0,
    beginMs: BEGIN_MS,
    repairTurns: 0,
    deliverMs: 0,
    graceMs: 0,
    logCap: LOG_BYTES,
    logsCap: Number.POSITIVE_INFINITY,
  });
}

const LIMIT_MS = 30_000;
const BEGIN_MS = 20_000;
const LOG_BYTES = 1024 * 1024;

/** A configuration of its own, and in the case of Codex the stand-in as its provider. */
function alone(profile: AgentProfile, { url }: StandIn): AgentProfile {
  const provider = `{name="stand-in",base_url="${url}/v1",wire_api="responses",env_key="CODEX_API_KEY"}`;
  const args = ['-c', 'model_provider="stand-in"', '-c', `model_providers.stand-in=${provider}`];
  return {
    ...profile,
    config: 'private',
    args: profile.agent === 'codex' ? [...profile.args, ...args] : profile.args,
  };
}

/** Keys that are none take the place of the real ones. */
const loginsFor = ({ url }: StandIn) => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: 'self-test-without-a-key',
  ANTHROPIC_AUTH_TOKEN: undefined,
  CLAUDE_CODE_OAUTH_TOKEN: undefined,
  CODEX_API_KEY: 'self-test-without-a-key',
  OPENAI_API_KEY: undefined,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
});

async function untilEnded(sessions: Sessions): Promise<Session> {
  for (;;) {
    const [session] = await sessions.list();
    if (session?.state === 'ended' || session?.state === 'lost') return session;
    await pause(POLL_MS);
  }
}

const POLL_MS = 100;

function whyNot(
  { exit, end, lastWords }: Session,
  { root, model }: { readonly root: string; readonly model: StandIn },
): string | null {
  const failure = end?.failure ?? null;
  if (exit?.reason === 'timeout') return `it was not done after ${LIMIT_MS / 1000} s`;
  if (exit?.reason === 'unbegun') return failure?.message ?? 'it did not begin';
  if (model.asked() === 0) return `it asked no model: ${lastLine(lastWords)}`;
  // There was no outcome to write: that it is missing is what a turn without a fault ends with.
  if (failure?.class !== 'no-outcome') return failure?.message ?? 'it left an outcome that nobody wanted';
  const events = readEvents(sessionPaths(runDirIn(root), NAME).agentDir);
  return events.some(({ name }) => name === 'Stop') ? null : 'it did not call its hooks';
}

/** The first line is the session's own headline. */
const lastLine = (log: string | null) => log?.trim().split('\n').slice(1).at(-1) || 'it said nothing';
