import type { GateVerdict } from '../core/contracts.ts';
import type { Oid } from '../ports.ts';
import type { Lander } from './landing.ts';
import type { Verified } from './plan.ts';

/** Whether what was merged is what was verified; null: nothing was, or nobody could tell what it says. */
export async function compareTrees(
  { repos, log }: Lander,
  repo: string,
  commit: Oid,
  verified: Verified | null,
): Promise<GateVerdict> {
  if (!verified)
    return { gate: 'read-back', verdict: 'unknown', reason: 'merged before its verification was settled' };
  const tree = await repos.treeOf(repo, commit);
  if (tree === verified.tree) {
    return { gate: 'read-back', verdict: 'pass', reason: 'the merged tree is the verified one' };
  }
  log.warn('the merged tree is not the verified one: the base moved in between', { repo, commit });
  return { gate: 'read-back', verdict: 'fail', reason: `${commit} has another tree than was verified` };
}
