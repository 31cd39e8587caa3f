import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Forge, startForge } from '../forge/index.ts';
import { type DemoBoard, openBoard } from './board.ts';
import { demoEnv } from './environment.ts';
import type { DemoProject } from './project.ts';

const run = promisify(execFile);

/** Everything that the demo set up in a temporary directory of its own. */
export interface Stage {
  readonly root: string;
  /** The checkout that the fleet is started in, as a person's would be. */
  readonly projectDir: string;
  readonly project: DemoProject;
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
  readonly project: DemoProject;
  readonly agentCommand: string;
  /** The agent is the person's own program, which needs its home directory and what it finds there. */
  readonly isOwnAgent: boolean;
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
  const { project } = options;
  const projectDir = join(root, 'work', project.name);
  const repo = `${PERSON.login}/${project.name}`;
  const forge = await startForge({ root: join(root, 'forge'), users: [PERSON, FLEET] });
  const env = demoEnv(options.env, { root, token: FLEET.token, isOwnAgent: options.isOwnAgent });
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
      name: project.name,
      roles: { [FLEET.login]: 'write' },
      ...contentOf(project),
    });
    await git('clone', '--quiet', addressOf(forge, repo), projectDir);
    await configure(harness, { apiUrl: forge.apiUrl, repo }, options);
    await publishConfiguration((...args) => git('-C', projectDir, ...args));
    for (const issue of project.issues) await board.fileIssue(issue);
    return { root, projectDir, project, repo, forge, board, harness, git, succeeds, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const addressOf = (forge: Forge, repo: string) =>
  `http://${PERSON.login}:${PERSON.token}@${new URL(forge.url).host}/${repo}.git`;

function contentOf({ source }: DemoProject) {
  if (source.kind === 'files') return { files: source.files };
  return { copyOf: source.from, defaultBranch: source.defaultBranch };
}

async function configure(
  harness: Stage['harness'],
  { apiUrl, repo }: { apiUrl: string; repo: string },
  { project, agentCommand, pool, cap }: StageOptions,
): Promise<void> {
  const { setup, verify, spec } = project;
  await harness(
    ...['init', '--yes', '--force', '--topology', 'single'],
    ...(spec === null ? ['--mode', 'issue-only'] : ['--mode', 'planned', '--spec', spec]),
    ...['--repo', repo, '--api-url', apiUrl, '--allow-authors', PERSON.login],
    ...['--label-ready', 'ready-for-agent', '--base', '', '--agent-command', agentCommand],
    ...(setup === null ? [] : ['--setup', setup]),
    ...(verify === null ? [] : ['--verify', verify]),
    ...['--pool', String(pool), '--cap', String(cap), '--prefix', 'demo'],
  );
}

/** A configuration that the project has committed is the policy: the copy gets the demo's in its place. */
async function publishConfiguration(git: Stage['git']): Promise<void> {
  const tracked = await git('ls-files', '--', '.harness/config');
  const changed = await git('status', '--porcelain', '--', '.harness/config');
  if (tracked === '' || changed === '') return;
  const identity = ['-c', `user.name=${PERSON.login}`, '-c', `user.email=${PERSON.login}@localhost`];
  await git(
    ...identity,
    'commit',
    '--quiet',
    '-m',
    'Configure Harness for the demo',
    '--',
    '.harness/config',
  );
  await git('push', '--quiet', 'origin', 'HEAD');
}
