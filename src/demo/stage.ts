import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Forge, startForge } from '../forge/index.ts';
import { type DemoBoard, openBoard } from './board.ts';
import { DEMO_ISSUES, issueBody, PROJECT_FILES, PROJECT_VERIFY } from './project.ts';

const run = promisify(execFile);

/** Everything that the demo set up in a temporary directory of its own. */
export interface Stage {
  readonly root: string;
  /** The checkout that the fleet is started in, as a person's would be. */
  readonly projectDir: string;
  readonly repo: string;
  readonly forge: Forge;
  readonly board: DemoBoard;
  /** Runs the installed command line in the project; rejects with its standard error. */
  readonly harness: (...args: readonly string[]) => Promise<string>;
  /** Runs git against the forge, as the person who filed the issues. */
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Runs a program in a directory and tells whether it succeeded. */
  readonly succeeds: (argv: readonly [string, ...string[]], cwd: string) => Promise<boolean>;
  /** What every program of the demo gets, for a person who wants to look at what was kept. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  /** Path of the `harness` program. */
  readonly program: string;
  readonly agentCommand: string;
  readonly pool: number;
  readonly cap: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The fleet's account, and the person who files the issues: so that each one's requests can be told apart. */
export const FLEET_LOGIN = 'fleet';
const PERSON = { login: 'you', token: 'demo-token-of-you' };
const FLEET = { login: FLEET_LOGIN, token: 'demo-token-of-the-fleet' };

/** Sets the demo up: forge, repository, checkout, configuration, issues. Nothing runs yet but the forge. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'harness-demo-'));
  const projectDir = join(root, 'wordkit');
  const repo = `${PERSON.login}/wordkit`;
  const forge = await startForge({ root: join(root, 'forge'), users: [PERSON, FLEET] });
  const env = demoEnv(root, options.env);
  const harness = async (...args: readonly string[]) =>
    (await run(options.program, args, { cwd: projectDir, env })).stdout;
  const git = async (...args: readonly string[]) => (await run('git', args, { cwd: root, env })).stdout;
  const succeeds = ([program, ...args]: readonly [string, ...string[]], cwd: string) =>
    run(program, args, { cwd, env }).then(
      () => true,
      () => false,
    );
  const board = openBoard({ apiUrl: forge.apiUrl, repo, token: PERSON.token });
  const close = async () => {
    await forge.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await mkdir(join(root, 'home'));
    await mkdir(join(root, 'tmux'), { mode: 0o700 });
    await forge.addRepository({
      owner: PERSON.login,
      name: 'wordkit',
      files: PROJECT_FILES,
      roles: { [FLEET.login]: 'write' },
    });
    await git('clone', '--quiet', addressOf(forge, repo), projectDir);
    await configure(harness, forge, repo, options);
    await fileIssues(board);
    return { root, projectDir, repo, forge, board, harness, git, succeeds, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const addressOf = (forge: Forge, repo: string) =>
  `http://${PERSON.login}:${PERSON.token}@${new URL(forge.url).host}/${repo}.git`;

/** An environment that shares nothing with the person's own fleets, tokens and git configuration. */
function demoEnv(root: string, env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = { PATH: env.PATH, LANG: env.LANG, TERM: env.TERM, HARNESS_DEBUG: env.HARNESS_DEBUG };
  const kept = Object.entries(own).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return {
    ...Object.fromEntries(kept),
    HOME: join(root, 'home'),
    HARNESS_HOME: join(root, 'home', '.harness'),
    TMUX_TMPDIR: join(root, 'tmux'),
    HARNESS_TOKEN: FLEET.token,
    HARNESS_BACKOFF: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

async function configure(
  harness: Stage['harness'],
  forge: Forge,
  repo: string,
  { agentCommand, pool, cap }: StageOptions,
): Promise<void> {
  await harness(
    'init',
    '--yes',
    ...['--repo', repo, '--api-url', forge.apiUrl, '--allow-authors', PERSON.login],
    ...['--setup', '', '--verify', PROJECT_VERIFY, '--agent-command', agentCommand],
    ...['--pool', String(pool), '--cap', String(cap), '--prefix', 'demo'],
  );
}

async function fileIssues(board: DemoBoard): Promise<void> {
  const numbers = new Map<string, number>();
  for (const issue of DEMO_ISSUES) {
    const body = issueBody(issue, numbers);
    numbers.set(issue.key, await board.fileIssue({ title: issue.title, body, labels: ['ready-for-agent'] }));
  }
}
