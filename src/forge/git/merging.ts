import type { Oid, RepositoryName } from '../records.ts';
import type { Commit, Range } from './commits.ts';
import type { Remember } from './remember.ts';
import type { Git } from './run.ts';
import type { Signature } from './signatures.ts';
import { signedBy } from './signatures.ts';

/** Merges in bare repositories. They write objects and move no ref. */
export interface Merging {
  /** The tree of the merge of two commits; null when they conflict. */
  mergeTree(repository: RepositoryName, range: Range): Promise<Oid | null>;
  commitTree(repository: RepositoryName, commit: NewCommit): Promise<Oid>;
  /** Copies commits onto `onto`, oldest first; null when one of them conflicts. */
  replay(
    repository: RepositoryName,
    work: { commits: readonly Commit[]; onto: Oid; committer: Signature },
  ): Promise<Oid | null>;
}

export interface NewCommit {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** Merging with `git merge-tree --write-tree` (git 2.38 or newer). */
export function createMerging({ git, remember }: { git: Git; remember: Remember }): Merging {
  const mergeTree: Merging['mergeTree'] = (repository, { base, head }) =>
    remember(`merge-tree ${repository} ${base} ${head}`, async () => {
      const { exit, stdout, stderr } = await git.attempt(repository, [
        'merge-tree',
        '--write-tree',
        '--no-messages',
        base,
        head,
      ]);
      if (exit === 0) return stdout.slice(0, 40);
      if (exit === 1 || stderr.includes('unrelated histories')) return null;
      throw new Error(`git merge-tree in ${repository}: ${stderr.trim()}`);
    });

  const commitTree: Merging['commitTree'] = async (repository, commit) => {
    const parents = commit.parents.flatMap(parent => ['-p', parent]);
    const oid = await git.run(repository, ['commit-tree', commit.tree, ...parents], {
      input: commit.message,
      env: signedBy(commit.author, commit.committer),
    });
    return oid.trim();
  };

  /** One copied commit. git 2.39 has no `merge-tree --merge-base`: a stand-in for `onto` whose parent is the
   * commit's own parent makes that parent the merge base. */
  const copy = async (repository: RepositoryName, commit: Commit, onto: Oid, committer: Signature) => {
    const [parent] = commit.parents;
    if (parent === undefined || commit.parents.length > 1) return null;
    const author = { ...commit.author, seconds: Date.parse(commit.author.date) / 1000 };
    const standIn = await commitTree(repository, {
      tree: `${onto}^{tree}`,
      parents: [parent],
      message: 'stand-in',
      author: committer,
      committer,
    });
    const tree = await mergeTree(repository, { base: standIn, head: commit.sha });
    if (tree === null) return null;
    return commitTree(repository, { tree, parents: [onto], message: commit.message, author, committer });
  };

  return {
    mergeTree,
    commitTree,
    async replay(repository, { commits, onto, committer }) {
      let tip = onto;
      for (const commit of commits) {
        const copied = await copy(repository, commit, tip, committer);
        if (copied === null) return null;
        tip = copied;
      }
      return tip;
    },
  };
}
