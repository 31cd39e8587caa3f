import { join } from 'node:path';
import { execa } from 'execa';
import { type SandboxPlaces, sandboxArguments } from './sandbox/arguments.ts';
import { prepareScratch, sweepScratch } from './sandbox/scratch.ts';

/** Runs programs where they see their worktree, the tools of this system and the network, and little else. */
export interface Sandbox {
  /**
   * The command line that runs a program in the sandbox. Its working directory can be written if it may; its home and
   * `/tmp` are its own, and the same for every program that works in that directory.
   */
  wrap(run: SandboxRun): readonly [string, ...string[]];
  /** Removes the homes of directories that are gone. */
  sweep(): Promise<void>;
}

export interface SandboxRun {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Left out: it may. */
  readonly mayChangeCwd?: boolean;
  /** Paths beyond those of every program; what is not there is left out. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** It needs the terminal that this process has. */
  readonly ownsTerminal: boolean;
}

export interface SandboxOptions extends SandboxPlaces {
  /** Path of bubblewrap. */
  readonly program: string;
  /** Where the private homes are kept. */
  readonly scratchDir: string;
}

/** A sandbox of bubblewrap. `isUsable` tells whether it works on this host. */
export function createSandbox(options: SandboxOptions): Sandbox {
  return {
    wrap: run => {
      const scratch = prepareScratch(options.scratchDir, run.cwd);
      return [options.program, ...sandboxArguments(options, { ...run, scratch }), '--', ...run.argv];
    },
    sweep: () => sweepScratch(options.scratchDir),
  };
}

/** Why programs can't be run in a sandbox on this host; null when they can. Some containers forbid it. */
export async function whyUnusable(options: SandboxOptions): Promise<string | null> {
  const trial = join(options.scratchDir, 'trial');
  const scratch = prepareScratch(options.scratchDir, trial);
  const run = { cwd: scratch.home, readable: [], writable: [], ownsTerminal: false, scratch };
  const args = [...sandboxArguments(options, run), '--', '/bin/sh', '-c', ':'];
  const { failed, stderr, shortMessage } = await execa(options.program, args, {
    env: {},
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: TRIAL_MS,
  });
  return failed ? stderr.trim().split('\n')[0] || shortMessage || 'it failed' : null;
}

const TRIAL_MS = 10_000;
