import { stamp } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, PullRecord, RepositoryName, ReviewRecord } from '../records.ts';
import { amendPull, recordMerge } from './amend-pull.ts';
import { applyClosingKeywords } from './closing.ts';
import { amendIssue } from './issues.ts';
import { advanceQueues } from './merge-queue.ts';
import { isOpenPull } from './open-pull.ts';

/**
 * Brings the board in line with the repository's refs after they moved: heads of pull requests, branches
 * that are gone, merges that happened by a push, closing keywords on the default branch. It compares
 * with what the records say, so that doing it again, also after a crash, changes nothing more.
 */
export async function settleRefs(parts: Parts, name: RepositoryName, by: string): Promise<void> {
  await finishMerges(parts, name);
  const table = await parts.refs.of(name);
  const tipOf = (branch: string) => table.get(`refs/heads/${branch}`) ?? null;
  const openPulls = () => parts.store.issues(name).filter(isOpenPull);
  const merged = await headsMerged(parts, name, new Set(openPulls().map(({ pull }) => tipOf(pull.base.ref))));
  const moves = openPulls().flatMap(issue => {
    const head = tipOf(issue.pull.head.ref);
    const base = tipOf(issue.pull.base.ref);
    const contained = head !== null && merged.get(base)?.has(head) === true;
    settlePull(parts, issue, { head, base, contained, by });
    const ref = `refs/pull/${issue.number}/head`;
    return head === null || head === table.get(ref) ? [] : [{ ref, from: undefined, to: head }];
  });
  await parts.refs.move(name, moves);
  await advanceQueues(parts, name);
  await settleDefaultBranch(parts, name, by);
}

/** For each base's tip the branch tips that it contains. */
async function headsMerged(
  { refs }: Parts,
  name: RepositoryName,
  bases: ReadonlySet<Oid | null>,
): Promise<ReadonlyMap<Oid | null, ReadonlySet<Oid>>> {
  const merged = new Map<Oid | null, ReadonlySet<Oid>>();
  for (const base of bases) {
    if (base !== null) merged.set(base, await refs.branchesIn(name, base));
  }
  return merged;
}

function settlePull(
  parts: Parts,
  issue: PullIssue,
  { head, base, contained, by }: { head: Oid | null; base: Oid | null; contained: boolean; by: string },
): void {
  const { pull } = issue;
  const closed = { state: 'closed', closedAt: stamp(parts.clock), closedBy: by } as const;
  if (head === null || base === null) {
    amendIssue(parts, issue, closed);
    return;
  }
  if (head === pull.head.sha) {
    if (contained) recordMerge(parts, issue, { commit: base, by });
    return;
  }
  const current: PullRecord = {
    ...pull,
    head: { ...pull.head, sha: head },
    base: { ...pull.base, sha: base },
    reviews: reviewsAfterPush(parts, issue),
  };
  amendIssue(parts, issue, { pull: current, ...(contained ? closed : {}) });
}

/** Approvals of an older head stand, unless the base branch's rule dismisses them. */
function reviewsAfterPush({ store }: Parts, issue: PullIssue): readonly ReviewRecord[] {
  const { reviews, base } = issue.pull;
  const rule = store.repository(issue.repository)?.protections[base.ref]?.reviews;
  if (!rule?.dismissStale) return reviews;
  return reviews.map(review => (review.state === 'APPROVED' ? { ...review, state: 'DISMISSED' } : review));
}

async function settleDefaultBranch(parts: Parts, name: RepositoryName, by: string): Promise<void> {
  const repository = parts.store.repository(name);
  if (repository === undefined) return;
  const tip = await parts.refs.tip(name, repository.defaultBranch);
  if (tip === null || tip === repository.seenTip) return;
  if (repository.seenTip !== null) {
    const commits = await parts.commits.between(name, { base: repository.seenTip, head: tip });
    applyClosingKeywords(parts, { repository: name, texts: commits.map(({ message }) => message), by });
  }
  const current = parts.store.repository(name) ?? repository;
  parts.store.putRepository({ ...current, seenTip: tip, pushedAt: stamp(parts.clock, current.pushedAt) });
}

/** A merge that was begun is finished if its commit reached the base branch, and forgotten if not. */
async function finishMerges(parts: Parts, name: RepositoryName): Promise<void> {
  for (const issue of parts.store.issues(name).filter(isOpenPull)) {
    const { merging, base } = issue.pull;
    if (merging === null) continue;
    const tip = await parts.refs.tip(name, base.ref);
    const landed =
      tip !== null && (await parts.commits.isAncestor(name, { ancestor: merging.commit, commit: tip }));
    if (landed) recordMerge(parts, issue, merging);
    else amendPull(parts, issue, { merging: null });
  }
}
