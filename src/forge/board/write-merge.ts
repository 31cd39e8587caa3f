import { stamp } from '../clock.ts';
import type { Commit } from '../git/commits.ts';
import type { NewCommit } from '../git/merging.ts';
import { signatureOf, webFlow } from '../git/signatures.ts';
import type { Parts } from '../parts.ts';
import type { MergeMethod, Oid, PullIssue, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';

/** What the caller of a merge asks for; texts that are missing get GitHub's defaults. */
export interface MergeOrder {
  readonly method: MergeMethod;
  /** The head that is meant. */
  readonly sha: Oid | null;
  readonly title: string | null;
  readonly message: string | null;
  readonly by: string;
}

/** Writes the commit, or the commits, without moving a ref; null when there is a conflict. */
export async function writeMerge(
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
