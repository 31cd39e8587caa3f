import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { agentProgram, type Project, withReader } from '../../context.ts';
import { unitsOf } from '../../core/units.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';

export interface Preflight {
  readonly repo: string;
  readonly login: string;
  /** For people, one line each. */
  readonly warnings: readonly string[];
}

/** Everything that would make the fleet useless is found before it starts: programs, settings, login, repository. */
export async function preflight(project: Project, io: Invocation): Promise<Preflight> {
  const { settings } = project;
  if (settings.HARNESS_MODE !== 'issue-only') {
    throw new HarnessError(
      'config-invalid',
      `HARNESS_MODE=${settings.HARNESS_MODE} can be decided on, but not run yet.`,
      {
        fix: 'Set HARNESS_MODE=issue-only.',
      },
    );
  }
  if (settings.HARNESS_TOPOLOGY !== 'single') {
    throw new HarnessError('config-invalid', 'HARNESS_TOPOLOGY=multi can be decided on, but not run yet.', {
      fix: 'Set HARNESS_TOPOLOGY=single.',
    });
  }
  for (const name of ['git', 'tmux', agentProgram(settings)]) requireProgram(name, io);
  const [unit] = unitsOf(settings, []);
  const repo = unit?.repo ?? '';
  const login = await withReader(project, io, async engine => {
    const [who, snapshot] = await Promise.all([
      engine.board.login(),
      engine.board.snapshot(repo, { maxAgeMs: 60_000 }),
    ]);
    if (snapshot.read === 'missing') {
      throw new HarnessError('github-refused', `${repo} does not exist, or ${who} may not see it.`);
    }
    if (snapshot.read === 'failed') {
      throw new HarnessError(
        'github-unreachable',
        `${repo} could not be read: ${snapshot.problem ?? 'no answer'}`,
      );
    }
    return who;
  });
  const warnings = settings.HARNESS_VERIFY
    ? []
    : ['HARNESS_VERIFY is not set: nothing proves a change before it is merged.'];
  return { repo, login, warnings };
}

function requireProgram(name: string, io: Invocation): void {
  const candidates = isAbsolute(name)
    ? [name]
    : (io.env.PATH ?? '').split(delimiter).map(directory => join(directory, name));
  if (candidates.some(isExecutable)) return;
  throw new HarnessError('tool-missing', `${name} is not installed, or not in PATH.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
