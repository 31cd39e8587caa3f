import { HarnessError } from '../../errors.ts';
import type { Oid, Repos } from '../../ports.ts';
import { filesIn, readBlob } from './blob.ts';
import { isPlainDirectory } from './branch-file.ts';
import { openClone } from './clone.ts';
import { collectBranch } from './collect.ts';
import { commitFiles, restoreFiles } from './commit-files.ts';
import { fetchRef } from './fetch.ts';
import { withFileErrors } from './file-errors.ts';
import { changeBetween, isAncestor, mergeCommits } from './history.ts';
import { listRefs } from './list-refs.ts';
import type { GitOptions } from './options.ts';
import { patchBetween } from './patch.ts';
import { patchIdOf } from './patch-id.ts';
import { cloneInto } from './private-clone.ts';
import { publishedBetween } from './published.ts';
import { MARKER, nameAt } from './ref-names.ts';
import { removeTree } from './remove-tree.ts';
import { rewriteMessages } from './rewrite.ts';
import { createGit, type Git } from './run-git.ts';
import { commitWorktree, pathsThatDiffer } from './work-tree.ts';

/** Commits, worktrees and checkouts over git. The engine's git works in its own bare clones only. */
export function createRepos(options: GitOptions): Repos {
  const git = createGit(options);
  const inClone = async <T>(repo: string, act: (gitDir: string) => Promise<T>) =>
    withFileErrors(async () => act(await openClone(git, repo)));
  return {
    fetchBranch: async (repo, branch) => (await fetchRef(git, repo, refOf(branch))) ?? missing(repo, branch),
    remoteBranch: (repo, branch) =>
      branch.startsWith('refs/harness/') ? fetchOurs(git, repo, branch) : fetchRef(git, repo, refOf(branch)),
    createWorktree: ({ repo, path, branch, start, identity }) =>
      inClone(repo, gitDir =>
        cloneInto(git, { gitDir, path, start, branch: { name: branch, identity }, replace: false }),
      ),
    removeWorktree: path => withFileErrors(() => removeTree(path)),
    collect: ({ repo, path, branch }) =>
      inClone(repo, gitDir => collectBranch(git, { gitDir, path, branch })),
    dirtyPaths: ({ repo, path, head }) =>
      inClone(repo, gitDir => pathsThatDiffer(git, { gitDir, path, head })),
    saveWorktree: ({ repo, path, head, message }) =>
      inClone(repo, async gitDir =>
        (await isPlainDirectory(path)) ? commitWorktree(git, { gitDir, path, head, message }) : null,
      ),
    commitFiles: (repo, commit) => inClone(repo, gitDir => commitFiles(git, gitDir, commit)),
    restoreFiles: (repo, files) => inClone(repo, gitDir => restoreFiles(git, gitDir, files)),
    rewriteMessages: (repo, rewrite) => inClone(repo, gitDir => rewriteMessages(git, gitDir, rewrite)),
    change: (repo, range) => inClone(repo, gitDir => changeBetween(git, gitDir, range)),
    merge: (repo, pair) => inClone(repo, gitDir => mergeCommits(git, gitDir, pair)),
    checkout: ({ repo, commit, path }) =>
      inClone(repo, gitDir => cloneInto(git, { gitDir, path, start: commit, branch: null, replace: true })),
    treeOf: (repo, commit) => inClone(repo, gitDir => treeOf(git, gitDir, commit)),
    readFile: (repo, commit, path) => inClone(repo, gitDir => readBlob(git, gitDir, { commit, path })),
    listFiles: (repo, commit, folder) => inClone(repo, gitDir => filesIn(git, gitDir, { commit, folder })),
    patch: (repo, range) => inClone(repo, gitDir => patchBetween(git, gitDir, range)),
    published: (repo, range) => inClone(repo, gitDir => publishedBetween(git, gitDir, range)),
    patchId: (repo, range) => inClone(repo, gitDir => patchIdOf(git, gitDir, range)),
    isAncestor: (repo, pair) => inClone(repo, gitDir => isAncestor(git, gitDir, pair)),
  };
}

const refOf = (branch: string) => `refs/heads/${branch}`;

/** Fetches a ref of ours, saved work say, from where the remote has it. */
async function fetchOurs(git: Git, repo: string, ref: string): Promise<Oid | null> {
  const gitDir = await openClone(git, repo);
  const places = [nameAt('refs', ref), nameAt('branches', ref)] as const;
  const listed = await listRefs(git, { repo, gitDir, names: [...places, MARKER] });
  const name = places[listed.has(MARKER) ? 1 : 0];
  return listed.has(name) ? fetchRef(git, repo, name) : null;
}

const treeOf = (git: Git, gitDir: string, commit: Oid): Promise<Oid> =>
  git.line({ gitDir, args: ['rev-parse', '--verify', `${commit}^{tree}`] });

function missing(repo: string, branch: string): never {
  throw new HarnessError('git-failed', `${repo} has no branch ${branch}.`, {
    fix: 'Check HARNESS_BASE, or push the branch.',
  });
}
