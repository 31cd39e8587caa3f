import type { Oid, Repos } from '../ports.ts';
import { type Definition, definitionsIn, type Manifest, manifestsIn } from './gates/check-definitions.ts';

/** The files that define the check among those that a change touches. */
export async function definitionsOf(
  repos: Pick<Repos, 'patch' | 'readFile'>,
  repo: string,
  { base, head }: { readonly base: Oid; readonly head: Oid },
): Promise<readonly Definition[]> {
  const files = await repos.patch(repo, { base, head });
  return definitionsIn(files, await readManifests(repos, repo, { base, head, paths: manifestsIn(files) }));
}

/** The texts of manifests at both ends of a change, by path. */
export async function readManifests(
  repos: Pick<Repos, 'readFile'>,
  repo: string,
  { base, head, paths }: { readonly base: Oid; readonly head: Oid; readonly paths: readonly string[] },
): Promise<Readonly<Record<string, Manifest>>> {
  const read = paths.map(async (path): Promise<readonly [string, Manifest]> => {
    const [before, after] = await Promise.all([
      repos.readFile(repo, base, path),
      repos.readFile(repo, head, path),
    ]);
    return [path, { before, after }];
  });
  return Object.fromEntries(await Promise.all(read));
}
