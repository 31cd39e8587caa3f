import type { RefMove } from '../git/refs.ts';
import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { amendPull, recordMerge } from './amend-pull.ts';

/** What a merge has written, and who wanted it. */
interface WrittenMerge {
  readonly repository: RepositoryRecord;
  readonly issue: PullIssue;
  /** The base branch's tip before. */
  readonly base: Oid;
  readonly commit: Oid;
  readonly by: string;
}

/**
 * Moves the base branch to a merge that is written, and closes the pull request as merged. false: the branch has moved
 * meanwhile, and nothing happened.
 */
export async function finishMerge(
  parts: Parts,
  { repository, issue, base, commit, by }: WrittenMerge,
): Promise<boolean> {
  const name = nameOf(repository);
  amendPull(parts, issue, { merging: { commit, by } });
  const merged = await parts.refs.move(name, [
    { ref: `refs/heads/${issue.pull.base.ref}`, from: base, to: commit },
  ]);
  if (!merged) {
    amendPull(parts, issue, { merging: null });
    return false;
  }
  recordMerge(parts, issue, { commit, by });
  await parts.refs.move(name, await leftovers(parts, { repository, issue }));
  return true;
}

/** The trial merge goes, and the head branch too where the repository says so. */
async function leftovers(
  { refs }: Parts,
  { repository, issue }: { repository: RepositoryRecord; issue: PullIssue },
): Promise<readonly RefMove[]> {
  const { head } = issue.pull;
  const trial = `refs/pull/${issue.number}/merge`;
  const known = (await refs.of(nameOf(repository))).has(trial);
  return [
    ...(known ? [{ ref: trial, from: undefined, to: null }] : []),
    ...(repository.deleteBranchOnMerge ? [{ ref: `refs/heads/${head.ref}`, from: head.sha, to: null }] : []),
  ];
}
