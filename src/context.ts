import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { ringBell } from './adapters/bell.ts';
import { childEnv, parseNames } from './adapters/child-env.ts';
import { systemClock } from './adapters/clock.ts';
import { createCommands } from './adapters/commands.ts';
import { GITHUB_PUSHES, gatePushes } from './adapters/git/push-gate.ts';
import { pushTurnsIn } from './adapters/git/push-turns.ts';
import { createRefs } from './adapters/git/refs.ts';
import { createRepos } from './adapters/git/repos.ts';
import { createBoard } from './adapters/github/board.ts';
import { isLoopback } from './adapters/github/client.ts';
import { fetchFor } from './adapters/github/proxy.ts';
import { resolveToken } from './adapters/github/token.ts';
import { fleetOf } from './adapters/host/host-identity.ts';
import { createHost } from './adapters/host.ts';
import { createPauseFlag, type PauseFlag } from './adapters/pause-flag.ts';
import { readPolicy } from './adapters/policy-file.ts';
import { identifySelf } from './adapters/processes.ts';
import { noteProject } from './adapters/registry/projects.ts';
import { watchedWith } from './adapters/registry/running-fleets.ts';
import { createRegistry, type Registry } from './adapters/registry.ts';
import { createSessions } from './adapters/sessions.ts';
import { borrowRefs, lendRefs } from './adapters/shared-refs.ts';
import { createTmux, socketName, type Tmux } from './adapters/tmux.ts';
import { createWorkers } from './adapters/workers.ts';
import { gitAddress } from './config/addresses.ts';
import {
  type Config,
  type FleetPaths,
  findProject,
  fleetPaths,
  loadConfig,
  type ProjectPaths,
  projectPaths,
} from './config.ts';
import { agentFor, enclosureFor } from './context/agents.ts';
import { readPrompts } from './context/prompts.ts';
import { targetsOf } from './context/targets.ts';
import type { Withheld } from './core/publishable.ts';
import { hostSecrets } from './core/secrets/host-secrets.ts';
import { SETTING_NAMES, SETTINGS, type Settings } from './core/settings.ts';
import { type Unit, unitsOf } from './core/units.ts';
import type { Target } from './core/world.ts';
import type { Invocation } from './invocation.ts';
import { createTrain } from './landing/train.ts';
import { sha256 } from './leases/digest.ts';
import { createProofs } from './leases/proofs.ts';
import type { Engine } from './loop/engine.ts';
import { publishSafely } from './loop/publish.ts';
import type { Identity, Log, Workers } from './ports.ts';

export { findProgram, isAtLeast, versionOf } from './adapters/programs.ts';
export {
  type ExaminedAgent,
  examineAgents,
  probeAgents,
  type SandboxState,
  sandboxFor,
} from './context/agents.ts';

/** A project as the command line finds it: configuration, places, and the fleet's own tmux. */
export interface Project {
  readonly config: Config;
  readonly settings: Settings;
  readonly paths: ProjectPaths & FleetPaths;
  readonly fleet: string;
  /** Prefix of session names. */
  readonly prefix: string;
  readonly tmux: Tmux;
  /** Where agents' sessions are: their files, and the tmux server that they run in. */
  readonly sessions: { readonly runDir: string; readonly tmux: Tmux };
  readonly workers: Workers;
  readonly registry: Registry;
  /** The flag that keeps this fleet from starting anything new. */
  readonly pause: PauseFlag;
  /** The rows of targets.tsv; none in a project of one repository. Throws `config-invalid`. */
  readonly targets: () => readonly Target[];
  /** Throws `config-invalid` when they can't be worked on. */
  readonly units: () => readonly Unit[];
  /** Wakes the fleet's workers. */
  readonly ring: (reason: string) => void;
}

/**
 * Opens the project at `dir`, or the nearest one upwards from the current directory, under the policy that was
 * read last; `withPolicy: false` leaves that out, for whoever is about to read it anew.
 */
export async function openProject(
  io: Invocation,
  dir?: string,
  { withPolicy = true }: { readonly withPolicy?: boolean } = {},
): Promise<Project> {
  const projectDir = await findProject(dir === undefined ? io.cwd : resolve(io.cwd, dir));
  const paths = projectPaths(projectDir, io.env);
  const fleet = fleetOf(paths);
  const { fleetDir } = fleetPaths(paths.harnessHome, fleet);
  const policy = withPolicy ? readPolicy(fleetDir) : null;
  const config = await loadConfig({
    projectDir,
    env: io.env,
    policy: policy?.text ? { text: policy.text, where: policy.where } : null,
  });
  const { settings } = config;
  const prefix = sessionPrefix(settings.HARNESS_SESS_PREFIX || basename(projectDir));
  const targets = () => targetsOf(settings, paths, policy);
  const tmux = createTmux({ socket: socketName(fleet), env: io.env });
  return {
    config,
    settings,
    paths: { ...paths, ...fleetPaths(paths.harnessHome, fleet) },
    fleet,
    prefix,
    tmux,
    sessions: { runDir: paths.runDir, tmux },
    workers: createWorkers(paths.runDir),
    pause: createPauseFlag(paths.runDir),
    targets,
    units: () => unitsOf(settings, targets()),
    ring: reason => ringBell(paths.runDir, reason),
    registry: createRegistry({
      directory: join(paths.harnessHome, 'fleets'),
      fleet: { fleet, projectDir, prefix, isShared: settings.HARNESS_USE_POLLER },
      log: SILENT,
    }),
  };
}

const sessionPrefix = (name: string) => name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40) || 'harness';

/** How an engine is put together. */
export interface EngineOptions {
  /** The worker's number in the fleet, from 1; commands that only look are 0. */
  readonly worker: number;
  readonly log: Log;
  /** Where the bare clones are; a command that only looks has its own, which is thrown away. */
  readonly clonesDir: string;
  /** Nothing may be written: what is stale is read into memory. */
  readonly readOnly: boolean;
}

/** The composition root: the only place that names adapters. */
export async function createEngine(
  project: Project,
  io: Invocation,
  options: EngineOptions,
): Promise<Engine> {
  const { settings, paths, config } = project;
  const { env } = io;
  const { log } = options;
  const clock = systemClock;
  const apiUrl = settings.HARNESS_API_URL;
  const pass = parseNames(settings.HARNESS_PASS_ENV);
  const token = () => resolveToken({ env, apiUrl });
  const board = createBoard({
    apiUrl,
    token,
    snapshotsDir: snapshotsDirOf(project),
    gatesDir: join(paths.harnessHome, 'gates'),
    log,
    clock,
    readOnly: options.readOnly,
    reader: `${options.worker === 0 ? 'a command' : `w${options.worker}`} of ${paths.projectDir}`,
    planned: settings.HARNESS_MODE === 'planned',
    workflow: true,
    spec: settings.HARNESS_SPEC,
    base: settings.HARNESS_BASE,
    fetch: fetchFor(apiUrl, env),
    watch: {
      need: need => project.registry.need(need),
      watched: account => watchedWith(project.registry.running(), account),
    },
  });
  const identity = await identityOf(settings, () => board.login());
  const git = {
    clonesDir: options.clonesDir,
    remoteUrl: (repo: string) => gitAddress(apiUrl, repo),
    credentials: async () => ({ username: 'x-access-token', password: await token() }),
    identity,
    env: childEnv(env, { pass: [], extras: {} }),
    nonce: clock.nonce,
    log,
  };
  if (!options.readOnly) noteProject(paths.fleetDir, paths.projectDir);
  const enclosure = enclosureFor(project, env);
  const lentDir = join(paths.fleetDir, `refs-${packageJson.version}`);
  const refs = isLoopback(apiUrl)
    ? createRefs(git)
    : gatePushes(createRefs(git), {
        turnsOf: pushTurnsIn(join(paths.harnessHome, 'gates'), { apiUrl, readOnly: options.readOnly, log }),
        ...{ limit: GITHUB_PUSHES, clock, self: identifySelf() },
        // Whoever builds the commits signs them.
        kin: async () =>
          sha256(JSON.stringify([await token(), options.clonesDir, identity, packageJson.version])),
      });
  const withheld = async (): Promise<Withheld> => ({
    secrets: [...hostSecrets(env), await token()],
    place: { home: env.HOME ?? homedir(), hostName: hostname() },
  });
  const lent = options.readOnly ? borrowRefs(refs, lentDir) : lendRefs(refs, lentDir);
  return {
    ...publishSafely({ board, refs: lent }, withheld),
    repos: createRepos(git),
    sessions: createSessions({
      ...project.sessions,
      agentFor: agentFor(settings, env),
      enclosure,
      sessionHost: enginePath('dist/session-host.js'),
      hook: enginePath('dist/hook.js'),
      env,
      pass,
      identity,
      limitMs: settings.HARNESS_SESSION_MINUTES * 60_000,
      stallMs: settings.HARNESS_STALL_MINUTES * 60_000,
      beginMs: BEGIN_MS,
      repairTurns: settings.HARNESS_REPAIR_TURNS,
      deliverMs: DELIVER_MS,
      graceMs: KILL_GRACE_MS,
      logCap: LOG_CAP_BYTES,
      logsCap: settings.HARNESS_LOGS_MB * 1024 * 1024,
    }),
    commands: createCommands({ env, pass, secrets: [], enclosure, graceMs: KILL_GRACE_MS }),
    host: createHost({
      ...paths,
      snapshots: { directory: snapshotsDirOf(project), repos: project.units().map(({ repo }) => repo) },
      worker: options.worker,
    }),
    clock,
    log,
    settings,
    config: config.raw,
    policyDigest: policyDigest(project),
    planSteps: [],
    targets: project.targets(),
    prefix: project.prefix,
    identity,
    worktreesDir: paths.worktreesDir,
    checkoutsDir: paths.checkoutsDir,
    archiveBatch: ARCHIVE_BATCH,
    train: createTrain(),
    proofs: createProofs(clock, settings.HARNESS_LEASE_TTL * 1000),
    withheld,
    prompts: promptsOf(project),
  };
}

/** The prompt templates by name, with the project's own in the place of ours. */
export const promptsOf = ({ paths }: Project): Readonly<Record<string, string>> =>
  readPrompts(enginePath('prompts'), dirname(paths.configFile));

/** Snapshots that all fleets of this user share, or this fleet's own. */
const snapshotsDirOf = ({ settings, paths }: Project): string =>
  settings.HARNESS_USE_POLLER ? paths.snapshotsDir : join(paths.fleetDir, 'snapshots');

/** An engine for a command that changes something, outside of any worker. */
export function openEngine(project: Project, io: Invocation): Promise<Engine> {
  const { clonesDir } = project.paths;
  return createEngine(project, io, { worker: 0, log: SILENT, clonesDir, readOnly: false });
}

/** Runs `use` with an engine that writes nothing that outlives it. */
export async function withReader<T>(
  project: Project,
  io: Invocation,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const clonesDir = await mkdtemp(join(tmpdir(), 'harness-read-'));
  try {
    return await use(await createEngine(project, io, { worker: 0, log: SILENT, clonesDir, readOnly: true }));
  } finally {
    await rm(clonesDir, { recursive: true, force: true });
  }
}

/** The log of commands that only look. */
export const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {} };

const ARCHIVE_BATCH = 20;
const KILL_GRACE_MS = 5_000;
/** An agent takes a prompt at its next tool call; thinking may take minutes. */
const DELIVER_MS = 300_000;

/** Claude Code and Codex take up their prompt within some seconds; a busy machine and hooks at their start take more. */
const BEGIN_MS = 120_000;
const LOG_CAP_BYTES = 50 * 1024 * 1024;

/** Author and committer of the agents' commits: as configured, else the login's noreply address. */
async function identityOf(settings: Settings, login: () => Promise<string>): Promise<Identity> {
  const { HARNESS_AUTHOR_NAME: name, HARNESS_AUTHOR_EMAIL: email } = settings;
  if (name && email) return { name, email };
  const who = await login();
  return { name: name || who, email: email || `${who}@users.noreply.github.com` };
}

/** Identifies what every host of a repository must share. */
function policyDigest({ settings, targets }: Project): string {
  const policy = SETTING_NAMES.filter(name => SETTINGS[name].home === 'policy');
  return sha256(JSON.stringify([policy.map(name => [name, settings[name]]), targets()]));
}

/** A file of the installed engine, found upwards from this module wherever the bundle puts it. */
export function enginePath(file: string): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, file);
}
