import type { Oid, RepositoryName } from '../records.ts';
import type { View } from './view.ts';
import { apiOf, pageOf } from './view.ts';

/** One line of `git ls-tree -l`. */
export interface TreeEntry {
  readonly mode: string;
  /** `blob`, `tree` or `commit` (a submodule). */
  readonly type: string;
  readonly sha: Oid;
  readonly size: number;
  readonly path: string;
}

/** GitHub's `content-file`; `content` (base64) is absent in lists and null after a write. */
export function contentShape(
  view: View,
  repository: RepositoryName,
  { entry, ref, content }: { entry: TreeEntry; ref: string; content: string | null },
) {
  const api = apiOf(view, repository);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/contents/${path}?ref=${ref}`;
  const isFile = entry.type === 'blob';
  const git = `${api}/git/${isFile ? 'blobs' : 'trees'}/${entry.sha}`;
  const page = `${pageOf(view, repository)}/${isFile ? 'blob' : 'tree'}/${ref}/${path}`;
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url,
    html_url: page,
    git_url: git,
    download_url: isFile ? `${pageOf(view, repository)}/raw/${ref}/${path}` : null,
    type: typeOf(entry),
    ...(content === null ? {} : { content, encoding: 'base64' }),
    _links: { self: url, git, html: page },
  };
}

function typeOf({ mode, type }: TreeEntry): 'file' | 'dir' | 'symlink' | 'submodule' {
  if (type === 'tree') return 'dir';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}
