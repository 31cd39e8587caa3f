import { basename } from 'node:path';
import { execa } from 'execa';
import type { AgentName } from '../../core/agent-settings.ts';
import { childEnv, type Environment } from '../child-env.ts';
import { findProgram, versionOf } from '../programs.ts';
import { CLAUDE_CREDENTIALS } from './claude.ts';
import { CODEX_CREDENTIALS } from './codex.ts';
import { splitCommand } from './command.ts';
import type { AgentProfile } from './profile.ts';

/** What is known of an agent program on this host without asking its model anything. */
export interface AgentProbe {
  readonly agent: AgentName;
  readonly mode: AgentProfile['mode'];
  readonly model: string;
  readonly program: string;
  /** Path; null: not found. */
  readonly path: string | null;
  readonly version: string | null;
  /** How it logs in, in a word or two; `none` when it can't, `unknown` when that can't be told. */
  readonly login: string;
  /** What keeps it from working, one line each, with what to do. */
  readonly problems: readonly string[];
  /** What works less well than it could. */
  readonly remarks: readonly string[];
}

/** Looks at one agent program: where it is, its version and its login. It spends no tokens. */
export async function probeAgent(
  profile: AgentProfile,
  { env, isSandboxed }: { env: Environment; isSandboxed: boolean },
): Promise<AgentProbe> {
  const { agent, mode, model } = profile;
  const program = agent === 'command' ? splitCommand(profile.program)[0] : profile.program;
  const path = findProgram(program, env);
  const seen = { agent, mode, model, program, path };
  if (path === null) {
    const problems = [`${program} is not installed, or not in PATH.`];
    return { ...seen, version: null, login: 'unknown', problems, remarks: [] };
  }
  switch (agent) {
    case 'command': {
      // What is not known may do anything when it is started.
      const version = KNOWN.has(basename(path)) ? await versionOf(path, ['--version'], env) : null;
      return { ...seen, version, login: 'unknown', problems: [], remarks: COMMAND_REMARKS };
    }
    case 'claude':
      return { ...seen, ...(await probeClaude(profile, path, env, isSandboxed)) };
    case 'codex':
      return { ...seen, ...(await probeCodex(profile, path, env)) };
    default:
      return agent satisfies never;
  }
}

type Findings = Pick<AgentProbe, 'version' | 'login' | 'problems' | 'remarks'>;

/** The programs of the recipes in docs/agents.md. */
const KNOWN: ReadonlySet<string> = new Set(['claude', 'codex', 'gemini', 'opencode']);

const COMMAND_REMARKS = [
  'Cost, usage limits and questions of an agent that HARNESS_AGENT_COMMAND names are not known.',
];

async function probeClaude(
  { config, args }: AgentProfile,
  path: string,
  env: Environment,
  isSandboxed: boolean,
): Promise<Findings> {
  const version = await versionOf(path, ['--version'], env);
  const set = CLAUDE_KEYS.filter(name => env[name]);
  const login = set[0] ?? (config === 'user' ? await ownLogin(path, ['auth', 'status'], env) : 'none');
  const isRoot = process.getuid?.() === 0;
  const asksNobody = !args.some(arg => arg.startsWith('--permission-mode'));
  return {
    version,
    login,
    problems: [
      ...(login === 'none' ? [NO_CLAUDE_LOGIN] : []),
      ...(isRoot && asksNobody && !isSandboxed && env.IS_SANDBOX !== '1'
        ? [
            'As root, Claude Code refuses to work without asking for permissions: use another user, install bubblewrap, or set IS_SANDBOX=1 and HARNESS_PASS_ENV=IS_SANDBOX.',
          ]
        : []),
    ],
    remarks: untried(version, 'Claude Code', TRIED_CLAUDE),
  };
}

const CLAUDE_KEYS = CLAUDE_CREDENTIALS.filter(name => name !== 'ANTHROPIC_BASE_URL');

const NO_CLAUDE_LOGIN =
  'Claude Code has no login: set ANTHROPIC_API_KEY, or CLAUDE_CODE_OAUTH_TOKEN to what `claude setup-token` prints, or HARNESS_AGENT_CONFIG=user to use your own login.';

async function probeCodex({ config }: AgentProfile, path: string, env: Environment): Promise<Findings> {
  const version = await versionOf(path, ['--version'], env);
  const set = CODEX_CREDENTIALS.filter(name => env[name]);
  const login = set[0] ?? (config === 'user' ? await ownLogin(path, ['login', 'status'], env) : 'none');
  return {
    version,
    login,
    problems: login === 'none' ? [NO_CODEX_LOGIN] : [],
    remarks: [...untried(version, 'Codex', TRIED_CODEX), 'Codex does not tell what it costs.'],
  };
}

const NO_CODEX_LOGIN =
  'Codex has no login: set CODEX_API_KEY, or HARNESS_AGENT_CONFIG=user to use the one of `codex login`.';

/** Both programs exit with 0 when they are logged in. */
async function ownLogin(path: string, args: readonly string[], env: Environment): Promise<string> {
  const { exitCode } = await execa(path, args, {
    env: childEnv(env, { pass: ['CLAUDE_CONFIG_DIR', 'CODEX_HOME'], extras: {} }),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: LOGIN_MS,
  });
  return exitCode === 0 ? 'your own' : 'none';
}

const LOGIN_MS = 20_000;

/** The versions that the tests drive; flags and events may differ in others. */
const TRIED_CLAUDE = '2.1';
const TRIED_CODEX = '0.169';

function untried(version: string | null, name: string, tried: string): readonly string[] {
  if (version?.startsWith(`${tried}.`)) return [];
  return [`${name} ${version ?? 'of an unknown version'} was not tried with Harness; ${tried} was.`];
}
