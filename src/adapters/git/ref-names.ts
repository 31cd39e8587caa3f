/** The folders under `refs/harness/` that are read; others (`wip`) are not part of the view. */
export const FOLDERS = ['issues', 'stages', 'landing', 'hosts'] as const;

/**
 * Where a remote has our refs: under `refs/harness/`, or, where it takes nothing but branches, in branches below
 * `harness/`. Everybody else knows them by the first name.
 */
export type Place = 'refs' | 'branches';

/** The branch whose presence says that all fleets of a repository have their refs in branches. */
export const MARKER = 'refs/heads/harness/namespace';

/** In a record's message: GitHub starts no workflow for a push of such a commit (GitHub docs, "Skipping workflow runs"). */
export const NO_CHECKS = '[skip ci]';

/** What a ref is called in a remote that has ours at `place`; branches of issues are called the same everywhere. */
export const nameAt = (place: Place, ref: string): string =>
  place === 'branches' ? ref.replace(/^refs\/harness\//, 'refs/heads/harness/') : ref;

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
