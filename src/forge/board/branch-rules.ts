import type { Parts } from '../parts.ts';
import type { Oid, ProtectionRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { queueOf } from './queues.ts';
import { bypasses, unmetChecks } from './rules.ts';

/** A branch is to be moved, by a push or over the API. */
export interface BranchMove {
  readonly ref: string;
  /** null: it does not exist. */
  readonly from: Oid | null;
  /** null: it is to be deleted. */
  readonly to: Oid | null;
}

/** Said of a push that is no fast forward; only git can tell whether it is one. */
export const REWRITE = 'Cannot force-push to this branch';

/**
 * Why a branch's protection may refuse a move, in the words of GitHub. `REWRITE` is among the reasons whenever
 * a rewrite would be refused, whether the move is one or not.
 */
export function possibleRefusals(
  parts: Pick<Parts, 'store' | 'accounts'>,
  { repository, login, move }: { repository: RepositoryRecord; login: string; move: BranchMove },
): readonly string[] {
  const branch = move.ref.replace('refs/heads/', '');
  const isQueued = move.to !== null && queueOf(repository, branch) !== undefined;
  if (isQueued && move.ref.startsWith('refs/heads/')) return ['Changes must be made through the merge queue'];
  const protection = repository.protections[branch];
  if (protection === undefined || !move.ref.startsWith('refs/heads/')) return [];
  if (bypasses(parts, { repository, protection, login })) return [];
  return reasonsAgainst(parts, { repository, protection, move });
}

/** Why a move to a commit that is there already is refused. */
export async function refusalsOf(
  parts: Parts,
  ask: { repository: RepositoryRecord; login: string; move: BranchMove },
): Promise<readonly string[]> {
  const { from, to } = ask.move;
  const reasons = possibleRefusals(parts, ask);
  if (!reasons.includes(REWRITE) || from === null || to === null) return reasons;
  const forward = await parts.commits.isAncestor(nameOf(ask.repository), { ancestor: from, commit: to });
  return forward ? reasons.filter(reason => reason !== REWRITE) : reasons;
}

function reasonsAgainst(
  parts: Pick<Parts, 'store'>,
  {
    repository,
    protection,
    move,
  }: { repository: RepositoryRecord; protection: ProtectionRecord; move: BranchMove },
): readonly string[] {
  if (move.to === null) return protection.allowDeletions ? [] : ['Cannot delete this branch'];
  return [
    ...(protection.reviews === null ? [] : ['Changes must be made through a pull request.']),
    ...unmetChecks(parts, { repository, protection, sha: move.to }),
    ...(protection.allowForcePushes || move.from === null ? [] : [REWRITE]),
  ];
}
