import { resolve } from 'node:path';
import { HarnessError } from '../../errors.ts';
import type { LocalRepository } from '../../forge/index.ts';
import { readLocalRepository } from '../../forge/index.ts';
import type { Invocation } from '../../invocation.ts';

/** The repository that a path names; nothing is written to it. Throws `not-a-repository`. */
export async function openLocalRepository(
  path: string,
  { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
): Promise<LocalRepository> {
  const look = await readLocalRepository(resolve(cwd, path), env.PATH ?? '');
  if (look.kind === 'found') return look.repository;
  throw new HarnessError('not-a-repository', `--repo ${path}: ${look.reason}.`, {
    fix: 'Name the directory of a git repository with at least one commit.',
  });
}
