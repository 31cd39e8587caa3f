import { setTimeout as pause } from 'node:timers/promises';
import { workerEnv } from '../context/worker.ts';
import { enginePath, openProject, type Project } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { checkPrefix } from './start/prefix.ts';
import { preflight } from './start/preflight.ts';
import { tellRecovered, withRecovery } from './start/recover.ts';

export interface StartOptions {
  readonly dir?: string | undefined;
  /** Return only when everything that was under way before has been looked at. */
  readonly recover?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Starts the fleet's workers in tmux, each in a session `<prefix>-w<k>`; those that already run are left alone,
 * so that starting twice is safe and starting after a crash replaces what is missing.
 */
export async function startCommand(options: StartOptions, io: Invocation): Promise<number> {
  const { project, ...found } = await preflight(
    await openProject(io, options.dir, { withPolicy: false }),
    io,
  );
  const start = () => startMissing(project, io);
  const { started, recovered } = options.recover
    ? await withRecovery(project, io, start)
    : { started: await start(), recovered: null };
  const { missing, warnings } = started;
  const facts = {
    fleet: project.fleet,
    repos: found.repos,
    login: found.login,
    policy: found.policy,
    sandbox: found.sandbox,
    started: missing.map(slot => `w${slot}`),
    running: aliveWorkers(project),
    ...(recovered ? { recovered } : {}),
    warnings: [...project.config.warnings, ...found.warnings, ...warnings],
  };
  if (options.json) io.out(`${JSON.stringify(facts, null, 2)}\n`);
  else describeStart(facts, io);
  if (recovered && !options.json) io.out(tellRecovered(recovered));
  return EXIT.ok;
}

/** As a member of the registry, so that no other fleet takes the prefix in the meantime. */
async function startMissing(project: Project, io: Invocation) {
  const { registry, workers } = project;
  await registry.join('start');
  try {
    const warnings = checkPrefix(project);
    workers.setStopDeadline(null);
    const missing = await missingSlots(project);
    for (const slot of missing) await startWorker(project, io, slot);
    await waitUntilAlive(project, missing);
    return { missing, warnings };
  } finally {
    await registry.leave();
  }
}

function describeStart(
  facts: {
    repos: readonly string[];
    login: string;
    policy: string;
    sandbox: string;
    started: readonly string[];
    running: readonly string[];
    warnings: readonly string[];
  },
  io: Invocation,
): void {
  for (const warning of facts.warnings) io.err(`warning: ${warning}\n`);
  const count = facts.running.length;
  const workers = `${count} worker${count === 1 ? '' : 's'}`;
  const repos = facts.repos.join(', ');
  io.out(
    facts.started.length === 0
      ? `Already running: ${workers} on ${repos}.\n`
      : `Started ${facts.started.join(', ')}: ${workers} on ${repos} as ${facts.login}.\n`,
  );
  io.out(`Policy: ${facts.policy}.\n`);
  io.out(`Sandbox of agents and commands: ${facts.sandbox}.\n`);
  io.out('`harness status` shows what they do, `harness stop` ends them.\n');
}

const slots = ({ settings }: Project) =>
  Array.from({ length: settings.HARNESS_POOL }, (_none, index) => index + 1);

/** Slots without a living worker in its tmux session. One that has lost its terminal is ended and replaced. */
async function missingSlots(project: Project): Promise<readonly number[]> {
  const sessions = new Set((await project.tmux.listSessions()).map(({ name }) => name));
  const alive = new Set(aliveWorkers(project));
  const missing = slots(project).filter(
    slot => !alive.has(`w${slot}`) || !sessions.has(sessionOf(project, slot)),
  );
  for (const slot of missing) await project.workers.kill(`w${slot}`);
  return missing;
}

const aliveWorkers = ({ workers }: Project) =>
  workers.list().flatMap(({ name, isAlive }) => (isAlive ? [name] : []));

const sessionOf = ({ prefix }: Project, slot: number) => `${prefix}-w${slot}`;

async function startWorker(project: Project, io: Invocation, slot: number): Promise<void> {
  const { tmux, paths } = project;
  const name = sessionOf(project, slot);
  // A session without a living worker in it is what a crash left.
  await tmux.killSession(name);
  await tmux.newSession({
    name,
    argv: [
      process.execPath,
      ...SMALL_HEAP,
      enginePath('dist/cli.js'),
      ...['--dir', paths.projectDir, 'worker', '--slot', String(slot)],
    ],
    cwd: paths.projectDir,
    env: workerEnv(project.settings, io.env),
    note: '',
  });
}

// A worker waits most of the time: it collects its garbage early instead of taking memory from the agents.
const SMALL_HEAP = ['--optimize-for-size', '--max-semi-space-size=2'] as const;

const START_MS = 15_000;

async function waitUntilAlive(project: Project, missing: readonly number[]): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (const slot of missing) {
    while (!aliveWorkers(project).includes(`w${slot}`)) {
      if (Date.now() > deadline || !(await project.tmux.hasSession(sessionOf(project, slot)))) {
        throw new HarnessError('engine-failed', `Worker w${slot} did not start.`, {
          fix: `Run it in the foreground to see why: harness --dir ${project.paths.projectDir} worker --slot ${slot}`,
        });
      }
      await pause(25);
    }
  }
}
