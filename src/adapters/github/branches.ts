import * as z from 'zod';
import type { Branch } from '../../core/world.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { readOn, readPage } from './pages.ts';

/** Branches of issues are `issue/7`; a repository may have thousands of others. */
export const ISSUE_BRANCH = 'issue/';

const RefRow = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });

export interface BranchesRead {
  readonly branches: readonly Branch[];
  readonly etags: Readonly<Record<string, string>>;
}

/**
 * The branches of issues and their heads; a free answer when none has moved. No decision waits for them: what
 * cannot be read stays as it was.
 */
export async function readBranches(
  client: Client,
  { repo, log, ...known }: BranchesRead & { readonly repo: string; readonly log: Log },
): Promise<BranchesRead> {
  try {
    const page = await readPage(client, {
      path: `repos/${repo}/git/matching-refs/heads/${ISSUE_BRANCH}`,
      query: { per_page: 100 },
      etag: known.etags.branches ?? null,
      row: RefRow,
    });
    if (page.kind === 'same') return { branches: known.branches, etags: {} };
    const rows = [...page.rows, ...(await readOn(client, { next: page.next, row: RefRow }))];
    const branches = rows.map(({ ref, object }) => ({
      name: ref.replace('refs/heads/', ''),
      head: object.sha,
    }));
    return { branches, etags: page.etag === null ? {} : { branches: page.etag } };
  } catch (error) {
    // The answers of a repository without commits.
    if ([404, 409].includes(statusOf(error) ?? 0)) return { branches: [], etags: {} };
    log.debug('could not read branches', { repo, problem: messageOf(error) });
    return { branches: known.branches, etags: {} };
  }
}
