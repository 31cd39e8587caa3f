/** The folders under `refs/harness/` that are read; others (`wip`) are not part of the view. */
export const FOLDERS = ['issues', 'stages', 'landing', 'hosts'] as const;

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const CANONICAL = {
  // `issues/07` and `issues/7` are two refs to git: only one of them may be a lease.
  issues: /^[1-9][0-9]*$/,
  stages: ID,
  // A branch name may have slashes.
  landing: /^[^/].*$/,
  hosts: ID,
} as const;

/** What a ref is, by its name: a journal, a host record, or something that is not ours to read. */
export function kindOfRef(ref: string): 'journal' | 'host' | 'archive' | 'other' {
  if (ref === 'refs/harness/archive') return 'archive';
  const match = /^refs\/harness\/([a-z]+)\/(.+)$/.exec(ref);
  const folder = FOLDERS.find(name => name === match?.[1]);
  if (!folder || !CANONICAL[folder].test(match?.[2] ?? '')) return 'other';
  return folder === 'hosts' ? 'host' : 'journal';
}
