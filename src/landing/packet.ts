import type { Packet } from '../core/contracts.ts';
import type { Oid, Repos } from '../ports.ts';
import { definitionsIn } from './gates/check-definitions.ts';
import { matcherOf } from './gates/patterns.ts';
import { PROTECTED } from './gates/protected-paths.ts';
import { isTestFile } from './gates/test-files.ts';
import { gatesOf, type Lander, type Landing, type State } from './landing.ts';

/** What the paths of a change say of where to look. */
async function lookAtPaths(
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

/** The packet of a landing as far as it is. */
export async function packetOf(lander: Lander, landing: Landing, state: State): Promise<Packet> {
  const { issue, outcome, usage, lease } = landing;
  const { head, base, verified } = state.facts;
  return {
    v: 1,
    issue: issue.number,
    title: issue.title,
    attempt: lease.last.attempt,
    profile: lease.last.profile ?? null,
    promptDigest: lease.last.bodyHash,
    base,
    head,
    tree: verified?.tree ?? null,
    summary: outcome?.summary ?? null,
    criteria: outcome?.criteria ?? [],
    gates: gatesOf(landing, state),
    ...(await lookAtPaths(lander.repos, lease.repo, { base, head })),
    usage,
  };
}
