import type { GateVerdict } from '../core/contracts.ts';
import type { Oid } from '../ports.ts';
import type { Lander } from './landing.ts';
import type { Verified } from './plan.ts';
import { checkBase } from './verify.ts';

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
  log.warn('the merged tree is not the verified one', { repo, commit });
  return { gate: 'read-back', verdict: 'fail', reason: `${commit} has another tree than was verified` };
}

/** Whether the base passes as it is, since GitHub's queue has merged a change together with others. */
export async function verifyTogether(
  lander: Lander,
  facts: { readonly repo: string; readonly base: Oid; readonly session: string },
): Promise<GateVerdict> {
  const gate = 'read-back';
  const what = `GitHub merged it together with others; ${facts.base.slice(0, 12)}, the base as it is now,`;
  if (!lander.settings.HARNESS_VERIFY)
    return { gate, verdict: 'unknown', reason: `${what} was verified by nobody` };
  const { results } = await checkBase(lander, facts);
  const failed = results.find(({ failure }) => failure);
  if (!failed) return { gate, verdict: 'pass', reason: `${what} passes` };
  lander.log.warn('the base fails since changes were merged together', {
    repo: facts.repo,
    base: facts.base,
  });
  return { gate, verdict: 'fail', reason: `${what} fails: ${failed.verdict.reason}` };
}
