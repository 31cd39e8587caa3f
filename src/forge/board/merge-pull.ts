import { ApiFailure } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, Oid, PullIssue, RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { finishMerge } from './finish-merge.ts';
import { isOpenPull } from './open-pull.ts';
import { queueOf } from './queues.ts';
import { bypasses, unmetRules } from './rules.ts';
import { settleRefs } from './settle.ts';
import { type MergeOrder, writeMerge } from './write-merge.ts';

/**
 * Merges a pull request and returns the commit that the base branch has now. Refusals are 405 and a head
 * that is another one than `sha` is 409, as on GitHub. To be run in turn with what else moves refs.
 */
export async function mergePull(
  parts: Parts,
  repository: RepositoryRecord,
  { number, order }: { number: number; order: MergeOrder },
): Promise<Oid> {
  const name = nameOf(repository);
  await settleRefs(parts, name, order.by);
  const issue = openPull(parts.store.issue(keyOf({ repository: name, number })));
  const base = await checkMerge(parts, { repository, issue, order });
  const commit = await writeMerge(parts, { repository, issue, base, order });
  if (commit === null) throw refusal('Pull Request is not mergeable');

  const isMerged = await finishMerge(parts, { repository, issue, base, commit, by: order.by });
  if (!isMerged) throw refusal('Base branch was modified. Review and try the merge again.');
  await settleRefs(parts, name, order.by);
  return commit;
}

/** Throws what GitHub would answer, else returns the base's tip. */
async function checkMerge(
  parts: Parts,
  { repository, issue, order }: { repository: RepositoryRecord; issue: PullIssue; order: MergeOrder },
): Promise<Oid> {
  const { pull } = issue;
  if (pull.draft) throw refusal('Pull Request is still a draft');
  if (order.sha !== null && order.sha !== pull.head.sha) {
    throw new ApiFailure(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (queueOf(repository, pull.base.ref) !== undefined) throw refusal(THROUGH_THE_QUEUE);
  if (!repository.mergeMethods.includes(order.method)) {
    throw refusal(`${METHOD_WORDS[order.method]} are not allowed on this repository.`);
  }
  const protection = repository.protections[pull.base.ref];
  if (protection !== undefined && !bypasses(parts, { repository, protection, login: order.by })) {
    if (protection.linearHistory && order.method === 'merge') {
      throw refusal('Merge commits are not allowed on this repository.');
    }
    const [reason] = await unmetRules(parts, repository, pull);
    if (reason !== undefined) throw refusal(reason);
  }
  const base = await parts.refs.tip(nameOf(repository), pull.base.ref);
  if (base === null) throw refusal('Pull Request is not mergeable');
  return base;
}

const THROUGH_THE_QUEUE =
  'Repository rule violations found\n\nChanges must be made through the merge queue\n\n';

const METHOD_WORDS = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;

function openPull(issue: IssueRecord | undefined): PullIssue {
  if (issue === undefined || !isOpenPull(issue)) throw refusal('Pull Request is not mergeable');
  return issue;
}

function refusal(message: string): ApiFailure {
  return new ApiFailure(405, message);
}
