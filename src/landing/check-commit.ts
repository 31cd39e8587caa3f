import path from 'node:path';
import type { Oid, Ports } from '../ports.ts';
import { type Checked, type Checking, checkOut } from './run-steps.ts';

/** What a verification needs besides the commits: the commands and where clean checkouts are made. */
export interface Verifier extends Pick<Ports, 'repos'>, Checking {
  readonly checkoutsDir: string;
}

/** Where merges into a repository are checked out: by the process that drives its unit, and by no other. */
export const checkoutsOf = ({ checkoutsDir }: Pick<Verifier, 'checkoutsDir'>, repo: string) =>
  path.join(checkoutsDir, repo);

/** Runs HARNESS_SETUP and HARNESS_VERIFY in a clean checkout of a commit, which is removed afterwards. */
export async function checkCommit(
  verifier: Verifier,
  { repo, session }: { readonly repo: string; readonly session: string },
  commit: Oid,
): Promise<Checked> {
  const cwd = path.join(checkoutsOf(verifier, repo), session);
  await verifier.repos.checkout({ repo, commit, path: cwd });
  try {
    return await checkOut(verifier, { cwd, tag: session });
  } finally {
    await verifier.repos.removeWorktree(cwd);
  }
}
