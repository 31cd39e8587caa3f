import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EndReason, SessionExit } from '../../ports.ts';
import { tellingLine } from '../agents/screen.ts';
import { writeAtomic } from '../atomic-file.ts';
import { ringBell } from '../bell.ts';
import type { Environment } from '../child-env.ts';
import { endTree } from '../processes/process-tree.ts';
import { identifySelf, type ProcessIdentity } from '../processes.ts';
import { startAgent } from './agent-process.ts';
import { type CappedLog, openCappedLog } from './capped-log.ts';
import { followAgent } from './follow-agent.ts';
import type { LaunchFile } from './launch-file.ts';
import { writeMissing } from './launch-files.ts';
import { openPane } from './pane.ts';
import { type RunningSession, type SessionPaths, sessionPaths } from './session-files.ts';

/**
 * Runs an agent from its start to its end: output to the pane and the log, the time limit, the end of every
 * process that it started, and then the exit file and the bell. `env` is this process's environment.
 */
export async function hostSession(launch: LaunchFile, env: Environment): Promise<void> {
  const { runDir, record } = launch;
  const paths = sessionPaths(runDir, record.plan.name);
  const ended = waitForEnd(paths, launch);
  const log = openCappedLog({ path: launch.log, cap: launch.logCap, secrets: launch.secrets });
  const show = (chunk: Buffer) => {
    if (!launch.ownsTerminal) process.stdout.write(chunk);
    log.write(chunk);
  };
  preparePane(launch);
  show(Buffer.from(`${launch.headline}\n`));

  const pane = launch.ownsTerminal ? openPane(env) : null;
  const followed = followAgent(launch, { show, pane });
  const agent = startAgent(launch, { onOutput: followed.onOutput, onError: show });
  const stopKeeping = agent.identity === null ? () => {} : keepFiles(launch, { agent: agent.identity, log });
  const exited = agent.exited.then(exit => exit.reason);
  const reason = await Promise.race([exited, ended, followed.overdue]);
  // A program that waits in a dialog tells of it nowhere else.
  const isTelling = TELLS_BY_SCREEN.has(reason);
  const screen = isTelling ? (pane?.read() ?? '') : '';
  if (screen !== '') show(Buffer.from(`* On its screen:\n${screen}\n`));
  const survivors = await endTree(
    {
      leaders: agent.identity === null ? [] : [agent.identity],
      mark: record.plan.nonce,
    },
    { graceMs: reason === 'exited' ? Math.min(LEFTOVER_MS, launch.graceMs) : launch.graceMs },
  );
  await agent.drain();
  followed.close();
  stopKeeping();

  const exit = survivors.includes(agent.identity?.pid ?? 0) ? null : await agent.exited;
  if (exit?.problem) show(Buffer.from(`${exit.problem}\n`));
  if (survivors.length > 0) show(Buffer.from(`Processes that can't be ended: ${survivors.join(', ')}\n`));
  log.close();
  writeExit(paths, {
    code: exit?.code ?? null,
    signal: exit?.signal ?? null,
    reason,
    ...(reason === 'unbegun' ? { screen: tellingLine(screen) } : {}),
    endedAt: new Date().toISOString(),
  });
  ringBell(runDir, `${record.plan.name} ended`);
}

/** What the program said before is nowhere else then. */
const TELLS_BY_SCREEN: ReadonlySet<SessionExit['reason']> = new Set([
  'exited',
  'unbegun',
  'stalled',
  'timeout',
]);

/** Time that processes left behind by an agent that finished get to finish too. */
const LEFTOVER_MS = 2_000;

/** Resolves when somebody ends the session before its agent does, or its time is up. */
function waitForEnd(
  paths: SessionPaths,
  { limitMs, ownsTerminal }: LaunchFile,
): Promise<SessionExit['reason']> {
  return new Promise(resolve => {
    if (limitMs !== null) setTimeout(() => resolve('timeout'), limitMs).unref();
    for (const [name, reason] of SIGNALS) {
      process.on(name, () => {
        // Ctrl-C in a pane that the agent has is meant for the agent.
        if (ownsTerminal && name === 'SIGINT') return;
        resolve(readReason(paths) ?? reason);
      });
    }
  });
}

const SIGNALS = [
  ['SIGTERM', 'stopped'],
  ['SIGINT', 'stopped'],
  ['SIGHUP', 'hangup'],
] as const;

/** What whoever sent the signal has written down about it. */
function readReason({ ending }: SessionPaths): SessionExit['reason'] | null {
  if (!existsSync(ending)) return null;
  const reason = readFileSync(ending, 'utf8').trim();
  return END_REASONS.find(known => known === reason) ?? null;
}

const END_REASONS: readonly EndReason[] = ['cancelled', 'stopped', 'timeout', 'budget'];

function preparePane({ ownsTerminal }: LaunchFile): void {
  // The pane goes away with the tmux server; the log is what counts.
  process.stdout.on('error', () => {});
  if (ownsTerminal) return;
  // Whoever watches may press Ctrl-C to leave, or Ctrl-S; neither may end or stall the agent.
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
}

/**
 * Announces the running session, and makes its files again whenever the run directory was deleted, so that
 * the agent can still deliver. Returns how to stop that.
 */
function keepFiles(
  launch: LaunchFile,
  { agent, log }: { agent: ProcessIdentity; log: CappedLog },
): () => void {
  const paths = sessionPaths(launch.runDir, launch.record.plan.name);
  const prompt = readFileSync(paths.prompt, 'utf8');
  const startedAt = Date.now();
  const running: RunningSession = {
    host: identifySelf(),
    agent,
    startedAt: new Date(startedAt).toISOString(),
    deadline: launch.limitMs === null ? null : new Date(startedAt + launch.limitMs).toISOString(),
  };
  const keep = () => {
    log.flush();
    // Without its parent the project itself is gone, and nothing may bring it back.
    if (!existsSync(dirname(launch.runDir))) return;
    log.restore();
    if (existsSync(paths.running)) return;
    try {
      mkdirSync(paths.outcomeDir, { recursive: true, mode: 0o700 });
      // What is there stays the same file: the sandbox may be mounting it.
      writeMissing({
        ...launch.files,
        [paths.record]: JSON.stringify(launch.record),
        [paths.prompt]: prompt,
      });
      writeAtomic(paths.running, JSON.stringify(running));
    } catch {
      // A full disk, say; the next round tries again, and the agent works on.
    }
  };
  keep();
  const timer = setInterval(keep, KEEP_MS);
  return () => clearInterval(timer);
}

const KEEP_MS = 500;

function writeExit(paths: SessionPaths, exit: SessionExit): void {
  mkdirSync(paths.dir, { recursive: true, mode: 0o700 });
  writeAtomic(paths.exit, JSON.stringify(exit));
}
