import { mkdtempSync, rmSync } from 'node:fs';
import { findProgram } from '../../../src/adapters/programs.ts';
import { type SandboxOptions, whyUnusable } from '../../../src/adapters/sandbox.ts';

/** Places of a sandbox in which nothing is special. */
export const NOWHERE: Omit<SandboxOptions, 'program' | 'scratchDir'> = {
  home: '/nonexistent',
  path: process.env.PATH ?? '',
  hidden: () => [],
  needed: [],
  readable: [],
  writable: [],
};

/** Path of bubblewrap; empty where it is not installed. */
export const bubblewrap = findProgram('bwrap', process.env) ?? '';

/** Why there can be no sandbox on this host; null: there can. */
export const whyNone = bubblewrap === '' ? 'bubblewrap is not installed' : await tryOne();

async function tryOne(): Promise<string | null> {
  const scratchDir = mkdtempSync('/tmp/hz-');
  try {
    return await whyUnusable({ ...NOWHERE, program: bubblewrap, scratchDir });
  } finally {
    rmSync(scratchDir, { recursive: true, force: true });
  }
}
