import { HarnessError } from '../../errors.ts';
import type { Environment } from '../child-env.ts';
import type { Enclosure } from '../enclosure.ts';
import { findProgram, versionOf } from '../programs.ts';
import { createSandbox, type SandboxOptions, whyUnusable } from '../sandbox.ts';

/** Whether programs run in a sandbox on this host. */
export type SandboxState =
  | { readonly kind: 'on'; readonly sandbox: Enclosure; readonly version: string }
  | {
      readonly kind: 'off';
      /** For people: why not. */
      readonly why: string;
    };

/** What HARNESS_SANDBOX means here. Throws `tool-missing` when it asks for a sandbox and there can be none. */
export async function findSandbox(
  mode: 'auto' | 'bwrap' | 'off',
  places: Omit<SandboxOptions, 'program'>,
  env: Environment,
): Promise<SandboxState> {
  if (mode === 'off') return { kind: 'off', why: 'HARNESS_SANDBOX=off' };
  const program = findProgram('bwrap', env);
  const options = { ...places, program: program ?? '' };
  const why = program === null ? 'bubblewrap is not installed' : await whyUnusable(options);
  if (why === null) {
    const version = (await versionOf(options.program, ['--version'], env)) ?? 'unknown';
    return { kind: 'on', sandbox: createSandbox(options), version };
  }
  if (mode === 'auto') return { kind: 'off', why };
  throw new HarnessError('tool-missing', `HARNESS_SANDBOX=bwrap, but there can be no sandbox: ${why}.`, {
    fix: 'Install bubblewrap and allow user namespaces, or set HARNESS_SANDBOX=auto.',
  });
}

/** The paths in HARNESS_SANDBOX_PATHS; `~/` is the home. */
export function parsePlaces(
  text: string,
  home: string,
): { readonly readable: readonly string[]; readonly writable: readonly string[] } {
  const entries = text.split(',').flatMap(entry => entry.trim() || []);
  const placeOf = (entry: string) => entry.replace(/:rw$/, '').replace(/^~(?=\/|$)/, home);
  return {
    readable: entries.filter(entry => !entry.endsWith(':rw')).map(placeOf),
    writable: entries.filter(entry => entry.endsWith(':rw')).map(placeOf),
  };
}
