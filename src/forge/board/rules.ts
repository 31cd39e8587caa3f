import { allows, roleIn } from '../access.ts';
import type { Parts } from '../parts.ts';
import type { Oid, ProtectionRecord, PullRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { reviewDecision } from './review-state.ts';
import { statesByContext } from './rollup.ts';

/** Whether a login passes a branch's rules: an administrator does, unless they are enforced for him too. */
export function bypasses(
  { accounts }: Pick<Parts, 'accounts'>,
  {
    repository,
    protection,
    login,
  }: { repository: RepositoryRecord; protection: ProtectionRecord; login: string },
): boolean {
  return !protection.enforceAdmins && allows(roleIn(accounts, repository, login), 'admin');
}

/** Why the base branch's rules refuse the merge, in the words of GitHub; empty when they hold. */
export async function unmetRules(
  parts: Parts,
  repository: RepositoryRecord,
  pull: PullRecord,
): Promise<readonly string[]> {
  const protection = repository.protections[pull.base.ref];
  if (protection === undefined) return [];
  const decision = protection.reviews === null ? null : reviewDecision(parts, repository, pull);
  return [
    ...unmetReviews(protection, decision),
    ...unmetChecks(parts, { repository, protection, sha: pull.head.sha }),
    ...((await isBehind(parts, repository, pull)) && protection.checks?.strict
      ? ['Head branch is out of date. Review and try the merge again.']
      : []),
  ];
}

/** Why the required statuses of a commit do not hold. */
export function unmetChecks(
  { store }: Pick<Parts, 'store'>,
  { repository, protection, sha }: { repository: RepositoryRecord; protection: ProtectionRecord; sha: Oid },
): readonly string[] {
  const contexts = protection.checks?.contexts ?? [];
  const states = statesByContext(store.commit(nameOf(repository), sha));
  const missing = contexts.filter(context => states.get(context) !== 'success');
  if (missing.length === 0) return [];
  if (missing.length > 1)
    return [`${missing.length} of ${contexts.length} required status checks are expected.`];
  const [context = ''] = missing;
  return [`Required status check "${context}" is ${wordFor(states.get(context))}.`];
}

/** Whether the base has commits that the head lacks. */
export async function isBehind(
  parts: Parts,
  repository: RepositoryRecord,
  pull: PullRecord,
): Promise<boolean> {
  const name = nameOf(repository);
  const tip = await parts.refs.tip(name, pull.base.ref);
  if (tip === null) return false;
  return !(await parts.commits.isAncestor(name, { ancestor: tip, commit: pull.head.sha }));
}

function unmetReviews(protection: ProtectionRecord, decision: string | null): readonly string[] {
  if (protection.reviews === null || protection.reviews.approvals === 0) return [];
  if (decision === 'CHANGES_REQUESTED') return ['Changes were requested by a reviewer with write access.'];
  if (decision === 'APPROVED') return [];
  const { approvals } = protection.reviews;
  return [
    `At least ${approvals} approving review${approvals === 1 ? ' is' : 's are'} required by reviewers with write access.`,
  ];
}

function wordFor(state: string | undefined): string {
  if (state === undefined) return 'expected';
  if (state === 'pending') return 'pending';
  return 'failing';
}
