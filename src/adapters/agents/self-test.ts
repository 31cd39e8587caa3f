import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { childEnv, type Environment } from '../child-env.ts';
import type { Enclosure } from '../enclosure.ts';
import { endTree } from '../processes/process-tree.ts';
import { identifySelf } from '../processes.ts';
import type { LaunchFile } from '../sessions/launch-file.ts';
import { writeMissing } from '../sessions/launch-files.ts';
import { prepareLaunch } from '../sessions/prepare-launch.ts';
import { createSession, type SessionRecord, sessionPaths } from '../sessions/session-files.ts';
import { UNKNOWN_USAGE } from './agent.ts';
import { createAgent, createReader } from './create-agent.ts';
import { readEvents } from './events.ts';
import type { AgentProfile } from './profile.ts';
import { parseRow } from './rows.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** What a self-test is made with. */
export interface SelfTestOptions {
  readonly env: Environment;
  /** The names in HARNESS_PASS_ENV. */
  readonly pass: readonly string[];
  /** Path of the bundled `hook.js`. */
  readonly hook: string;
  readonly sandbox: Enclosure | null;
}

/**
 * Starts `claude` or `codex` as a session does, headless and in the sandbox, for one turn with a stand-in for its
 * model on this host: it costs no tokens and needs no login. Returns why it does not work; null when it does.
 */
export async function testAgent(profile: AgentProfile, options: SelfTestOptions): Promise<string | null> {
  const root = mkdtempSync(join(tmpdir(), 'harness-self-test-'));
  const nonce = randomBytes(16).toString('hex');
  const model = await startStandIn();
  try {
    const launch = await prepare(alone(profile, model), { ...options, root, nonce, model });
    return await runTurn(launch, { root, model });
  } finally {
    model.close();
    await endTree({ leaders: [], mark: nonce }, { graceMs: 0 });
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    await options.sandbox?.sweep();
  }
}

const NAME = 'self-test';

async function prepare(
  profile: AgentProfile,
  {
    env,
    pass,
    hook,
    sandbox,
    root,
    nonce,
    model,
  }: SelfTestOptions & {
    readonly root: string;
    readonly nonce: string;
    readonly model: StandIn;
  },
): Promise<LaunchFile> {
  const runDir = join(root, 'run');
  // The private home in the sandbox is named after it.
  const worktree = join(root, `worktree-${nonce}`);
  mkdirSync(worktree);
  const ownEnv = { ...env, ...loginsFor(model) };
  await execa('git', ['init', '--quiet', worktree], {
    env: childEnv(env, { pass: [], extras: {} }),
    extendEnv: false,
  });
  const record = recordOf({ worktree, nonce });
  createSession(runDir, record);
  const options = {
    runDir,
    agentFor: () => createAgent(profile, ownEnv),
    enclosure: async () => sandbox,
    hook,
    env: ownEnv,
    pass: [...pass, 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'DISABLE_TELEMETRY'],
    identity: { name: NAME, email: `${NAME}@example.invalid` },
    limitMs: LIMIT_MS,
    stallMs: 0,
    beginMs: LIMIT_MS,
    repairTurns: 0,
    graceMs: 0,
    logCap: 0,
  };
  const prompt = 'Say that you are done.';
  writeFileSync(sessionPaths(runDir, NAME).prompt, prompt, { mode: 0o600 });
  const launch = await prepareLaunch(options, record, { prompt, title: NAME });
  writeMissing(launch.files);
  return launch;
}

const LIMIT_MS = 30_000;

/** A session of its own, headless, and in the case of Codex with the stand-in as its provider. */
function alone(profile: AgentProfile, { url }: StandIn): AgentProfile {
  const provider = `{name="stand-in",base_url="${url}/v1",wire_api="responses",env_key="CODEX_API_KEY"}`;
  const args = ['-c', 'model_provider="stand-in"', '-c', `model_providers.stand-in=${provider}`];
  return {
    ...profile,
    mode: 'headless',
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

function recordOf({ worktree, nonce }: { worktree: string; nonce: string }): SessionRecord {
  return {
    plan: {
      ...{ name: NAME, kind: 'IMPL', unit: 'main', repo: 'self/test', issue: null, attempt: 1, epoch: 1 },
      ...{ nonce, worktree, branch: 'main', base: '', start: '', bodyHash: '' },
    },
    owner: identifySelf(),
    reservedAt: new Date().toISOString(),
  };
}

async function runTurn(
  launch: LaunchFile,
  { root, model }: { root: string; model: StandIn },
): Promise<string | null> {
  const [program, ...args] = launch.argv;
  const ran = await execa(program, args, {
    cwd: launch.cwd,
    env: launch.env,
    extendEnv: false,
    reject: false,
    timeout: LIMIT_MS,
    ...(launch.stdin === null ? { stdin: 'ignore' as const } : { inputFile: launch.stdin }),
  });
  if (ran.timedOut) return `it was not done after ${LIMIT_MS / 1000} s`;
  const reader = createReader(launch.agent, Date.now, UNKNOWN_USAGE);
  for (const line of ran.stdout.split('\n')) {
    const row = parseRow(line);
    if (row !== null) reader?.readRow(row);
  }
  const report = reader?.report();
  if (model.asked() === 0) return `it asked no model: ${lastLine(ran.stderr || ran.stdout)}`;
  if (report?.problem) return report.problem.message;
  if (!report?.isDone) return `it did not end its turn: ${lastLine(ran.stderr)}`;
  const events = readEvents(sessionPaths(join(root, 'run'), NAME).agentDir);
  return events.some(({ name }) => name === 'Stop') ? null : 'it did not call its hooks';
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) || 'it said nothing';
