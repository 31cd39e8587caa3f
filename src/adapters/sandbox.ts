import { join } from 'node:path';
import { execa } from 'execa';
import { makeParts, makeScratch, sweepScratch } from './enclosure/scratch.ts';
import { type Enclosure, without } from './enclosure.ts';
import { type SandboxPlaces, type Scratch, sandboxArguments } from './sandbox/arguments.ts';

export interface SandboxOptions extends SandboxPlaces {
  /** Path of bubblewrap. */
  readonly program: string;
  /** Where the private homes are kept. */
  readonly scratchDir: string;
}

/** A sandbox of bubblewrap. `isUsable` tells whether it works on this host. */
export function createSandbox(options: SandboxOptions): Enclosure {
  return {
    isSandbox: true,
    wrap: run => {
      const scratch = scratchIn(makeScratch(options.scratchDir, run.cwd, PARTS));
      return [options.program, ...sandboxArguments(options, { ...run, scratch }), '--', ...run.argv];
    },
    // Caches are in the home already, wherever these variables lead outside.
    variables: (_cwd, pass) =>
      without(pass, { TMPDIR: '/tmp', XDG_CACHE_HOME: join(options.home, '.cache') }),
    sweep: () => sweepScratch(options.scratchDir),
  };
}

/** The directories that stand for a home and for `/tmp`. */
const PARTS = ['home', 'tmp'] as const;

const scratchIn = (dir: string): Scratch => ({ home: join(dir, 'home'), tmp: join(dir, 'tmp') });

/** Why programs can't be run in a sandbox on this host; null when they can. Some containers forbid it. */
export async function whyUnusable(options: SandboxOptions): Promise<string | null> {
  const trial = join(options.scratchDir, 'trial');
  makeParts(trial, PARTS);
  const scratch = scratchIn(trial);
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
