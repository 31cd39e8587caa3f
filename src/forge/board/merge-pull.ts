import { stamp } from '../clock.ts';
import type { Commit } from '../git/commits.ts';
import type { NewCommit } from '../git/merging.ts';
import type { RefMove } from '../git/refs.ts';
import { signatureOf, webFlow } from '../git/signatures.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, MergeMethod, Oid, PullIssue, RepositoryRecord } from '../records.ts';
import { keyOf, nameOf } from '../records.ts';
import { isOpenPull } from './mergeability.ts';
import { bypasses, unmetRules } from './rules.ts';
import { amendPull, recordMerge, settleRefs } from './settle.ts';

/** What the caller of a merge asks for; texts that are missing get GitHub's defaults. */
export interface MergeOrder {
  readonly method: MergeMethod;
  /** The head that is meant. */
  readonly sha: Oid | null;
  readonly title: string | null;
  readonly message: string | null;
  readonly by: string;
}

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

  const { pull } = issue;
  amendPull(parts, issue, { merging: { commit, by: order.by } });
  const ref = `refs/heads/${pull.base.ref}`;
  const merged = await parts.refs.move(name, [{ ref, from: base, to: commit }]);
  if (!merged) {
    amendPull(parts, issue, { merging: null });
    throw refusal('Base branch was modified. Review and try the merge again.');
  }
  recordMerge(parts, issue, { commit, by: order.by });
  await parts.refs.move(name, await leftovers(parts, { repository, issue }));
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

const METHOD_WORDS = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;

function openPull(issue: IssueRecord | undefined): PullIssue {
  if (issue === undefined || !isOpenPull(issue)) throw refusal('Pull Request is not mergeable');
  return issue;
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

function refusal(message: string): ApiFailure {
  return new ApiFailure(405, message);
}

/** Writes the commit, or the commits, without moving a ref; null when there is a conflict. */
async function writeMerge(
  parts: Parts,
  {
    repository,
    issue,
    base,
    order,
  }: { repository: RepositoryRecord; issue: PullIssue; base: Oid; order: MergeOrder },
): Promise<Oid | null> {
  const name = nameOf(repository);
  const { sha } = issue.pull.head;
  const seconds = Date.parse(stamp(parts.clock)) / 1000;
  const committer = webFlow(seconds);
  const commits = await parts.commits.between(name, { base, head: sha });
  if (order.method === 'rebase') return parts.merging.replay(name, { commits, onto: base, committer });

  const tree = await parts.merging.mergeTree(name, { base, head: sha });
  if (tree === null) return null;
  const author = order.method === 'squash' ? issue.author : order.by;
  const commit: NewCommit = {
    tree,
    parents: order.method === 'squash' ? [base] : [base, sha],
    message: messageOf({ repository, issue, commits, order }),
    author: signatureOf(parts.accounts.named(author), seconds),
    committer,
  };
  return parts.merging.commitTree(name, commit);
}

function messageOf({
  repository,
  issue,
  commits,
  order,
}: {
  repository: RepositoryRecord;
  issue: PullIssue;
  commits: readonly Commit[];
  order: MergeOrder;
}): string {
  const usual =
    order.method === 'squash'
      ? squashMessage(issue, commits)
      : {
          title: `Merge pull request #${issue.number} from ${repository.owner}/${issue.pull.head.ref}`,
          message: issue.title,
        };
  const message = order.message ?? usual.message;
  return `${order.title ?? usual.title}${message === '' ? '' : `\n\n${message}`}\n`;
}

function squashMessage(issue: PullIssue, commits: readonly Commit[]): { title: string; message: string } {
  const [only, ...others] = commits;
  if (only !== undefined && others.length === 0) {
    const [subject = '', ...body] = only.message.split('\n');
    return { title: `${subject} (#${issue.number})`, message: body.join('\n').trim() };
  }
  const list = commits.map(({ message }) => `* ${message}`).join('\n\n');
  return { title: `${issue.title} (#${issue.number})`, message: list };
}
