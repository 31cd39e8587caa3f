import type { Commit } from '../git/commits.ts';
import type { FileChange } from '../git/diff.ts';
import { noreplyOf } from '../git/signatures.ts';
import type { RepositoryName } from '../records.ts';
import { userOrNull } from './user.ts';
import type { View } from './view.ts';
import { apiOf, nodeId, pageOf } from './view.ts';

/** GitHub's `commit`, without the files. */
export function commitShape(view: View, repository: RepositoryName, commit: Commit) {
  const api = apiOf(view, repository);
  const url = `${api}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: `${pageOf(view, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: userOrNull(view, loginByEmail(view, commit.author.email)),
    committer: userOrNull(view, loginByEmail(view, commit.committer.email)),
    parents: parentShapes(view, repository, commit),
  };
}

/** GitHub's `git-commit`. */
export function gitCommitShape(view: View, repository: RepositoryName, commit: Commit) {
  const api = apiOf(view, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${pageOf(view, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parentShapes(view, repository, commit),
    verification: UNSIGNED,
  };
}

/** GitHub's `diff-entry`. `sha` is the commit that the links point to. */
export function fileShape(
  view: View,
  repository: RepositoryName,
  { file, sha }: { file: FileChange; sha: string },
) {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${pageOf(view, repository)}/blob/${sha}/${path}`,
    raw_url: `${pageOf(view, repository)}/raw/${sha}/${path}`,
    contents_url: `${apiOf(view, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

function parentShapes(view: View, repository: RepositoryName, commit: Commit) {
  return commit.parents.map(sha => ({
    sha,
    url: `${apiOf(view, repository)}/commits/${sha}`,
    html_url: `${pageOf(view, repository)}/commit/${sha}`,
  }));
}

/** GitHub links a commit to a login by its address; here only noreply addresses are known. */
export function loginByEmail(view: View, email: string): string | null {
  const login = /^\d+\+([^@]+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  const account = login === undefined ? undefined : view.board.account(login);
  return account === undefined || noreplyOf(account) !== email ? null : account.login;
}
