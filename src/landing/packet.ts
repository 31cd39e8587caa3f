import type { Packet } from '../core/contracts.ts';
import type { Oid, Repos } from '../ports.ts';
import { definitionsIn } from './gates/check-definitions.ts';
import { matcherOf } from './gates/patterns.ts';
import { PROTECTED } from './gates/protected-paths.ts';
import { isTestFile } from './gates/test-files.ts';

/** What the paths of a change say of where to look. */
export async function lookAtPaths(
  repos: Repos,
  repo: string,
  range: { readonly base: Oid; readonly head: Oid },
): Promise<Pick<Packet, 'tests' | 'risks'>> {
  const files = await repos.patch(repo, range);
  const paths = files.map(({ path }) => path);
  const definitions = new Set(definitionsIn(files, {}).map(({ path }) => path));
  return {
    tests: paths.filter(isTestFile),
    risks: paths.filter(path => definitions.has(path) || isProtected(path) !== null),
  };
}

const isProtected = matcherOf(PROTECTED);
