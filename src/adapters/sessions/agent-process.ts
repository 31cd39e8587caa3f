import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import type { SessionExit } from '../../ports.ts';
import { drainOutput } from '../processes/drain-output.ts';
import { identifyProcess, type ProcessIdentity } from '../processes.ts';
import type { LaunchFile } from './launch-file.ts';

/** An agent that was started, or failed to. */
export interface AgentProcess {
  /** null when it could not be started. */
  readonly identity: ProcessIdentity | null;
  /** Resolves when the program itself ends, whatever it leaves behind. */
  readonly exited: Promise<AgentExit>;
  /** Takes what is still in the pipes, and closes them. */
  drain(): Promise<void>;
}

export interface AgentExit extends Pick<SessionExit, 'code' | 'signal'> {
  readonly reason: 'exited' | 'spawn-failed';
  /** Why it could not be started. */
  readonly problem: string | null;
}

/**
 * Starts the agent: as the leader of a session and process group of its own, without a terminal; or, when it
 * is to have the pane, in the group that has it now.
 */
export function startAgent(
  launch: LaunchFile,
  { onOutput, onError }: { onOutput: (chunk: Buffer) => void; onError: (chunk: Buffer) => void },
): AgentProcess {
  let child: ChildProcess;
  try {
    child = spawnAgent(launch);
  } catch (error) {
    return { identity: null, exited: Promise.resolve(spawnFailure(error)), drain: async () => {} };
  }
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onError);
  return {
    identity: child.pid === undefined ? null : identifyProcess(child.pid),
    exited: waitForExit(child),
    drain: () => drainOutput(child),
  };
}

function spawnAgent({ argv: [program, ...args], cwd, env, stdin, ownsTerminal }: LaunchFile): ChildProcess {
  if (ownsTerminal) return spawn(program, args, { cwd, env, stdio: 'inherit' });
  const input = stdin === null ? 'ignore' : openSync(stdin, 'r');
  try {
    return spawn(program, args, { cwd, env, stdio: [input, 'pipe', 'pipe'], detached: true });
  } finally {
    if (input !== 'ignore') closeSync(input);
  }
}

/** Not by the `close` event: that one waits for every process that has inherited the pipes. */
function waitForExit(child: ChildProcess): Promise<AgentExit> {
  return new Promise(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal, reason: 'exited', problem: null }));
    child.once('error', error => resolve(spawnFailure(error)));
  });
}

const spawnFailure = (error: unknown): AgentExit => ({
  code: null,
  signal: null,
  reason: 'spawn-failed',
  problem: `The agent could not be started: ${messageOf(error)}`,
});
