import { decideLanes } from '../core/decide.ts';
import { trustOf } from '../core/rules/trust.ts';
import type { Issue, RepoState } from '../core/world.ts';
import { bodyHashOf } from '../leases/digest.ts';
import type { SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';
import { repoStateOf, type Seen } from './observe.ts';

/**
 * Decides again with the issue, or for a stage of the unit the repository, as it is now; null when the work is still
 * to be done, else why it is not.
 */
export async function whyNoLonger(
  engine: Engine,
  seen: Seen,
  plan: SessionPlan,
  issue: Issue | null,
): Promise<string | null> {
  if (issue && bodyHashOf(issue) !== plan.bodyHash) return 'its text changed just before it was taken';
  const known = seen.world.repos[plan.repo];
  if (!known) return 'its repository is no longer part of this fleet';
  const trust = trustOf(engine.settings, seen.world.login);
  const now = issue
    ? withIssue(known, issue)
    : repoStateOf(await engine.board.snapshot(plan.repo, { maxAgeMs: 0 }), trust);
  const decision = decideLanes({ ...seen.world, repos: { ...seen.world.repos, [plan.repo]: now } });
  const still = decision.actions.some(one => one.kind === plan.kind && one.issue === plan.issue);
  if (still) return null;
  const hold = decision.holds.find(one => one.repo === plan.repo && one.issue === plan.issue);
  return hold ? `held after a second look: ${hold.reason}` : 'it is closed, or no longer ready';
}

const withIssue = (known: RepoState, issue: Issue): RepoState => ({
  ...known,
  issues: known.issues.map(one => (one.number === issue.number ? { ...one, ...issue } : one)),
});
