import { readManifests } from '../landing/definitions.ts';
import { manifestsIn } from '../landing/gates/check-definitions.ts';
import { needingAcceptance, weakenedGate, weakeningsIn } from '../landing/gates/weakened.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/**
 * Asks what the commits from `base` to `head` do to tests and to what defines the check. What needs a word does not
 * end the attempt: it waits for that word once the pull request shows it, so the verdict is `unknown` until then.
 */
export async function askWeakened(
  { repos }: Engine,
  { repo, base, head }: { readonly repo: string; readonly base: Oid; readonly head: Oid },
): Promise<GateResult> {
  const files = await repos.patch(repo, { base, head });
  const manifests = await readManifests(repos, repo, { base, head, paths: manifestsIn(files) });
  const found = weakeningsIn(files, manifests);
  const { verdict, failure } = weakenedGate(found, { head, acceptances: [] });
  if (!failure) return { verdict, failure };
  const evidence = needingAcceptance(found).map(({ id }) => id);
  return { verdict: { ...verdict, verdict: 'unknown', evidence }, failure: null };
}
