import * as z from 'zod';
import { fitBody } from '../../core/markers.ts';
import type { MergeRequest, MergeResult, PullDraft } from '../../ports.ts';
import type { Client } from './client.ts';
import { isAmbiguous, parseBody, reasonsOf, statusOf } from './failure.ts';
import { readAll, readNow } from './pages.ts';
import { PullRow, pullOf } from './rows.ts';
import { writeAgain, writeOnce } from './write.ts';

/** GitHub's limit of a title, in characters. */
const TITLE_LIMIT = 256;

/** The rows of the pull requests whose head is this branch of this repository, newest first. */
export async function readPullsOf(client: Client, repo: string, branch: string): Promise<readonly PullRow[]> {
  const owner = repo.split('/')[0] ?? '';
  const rows = await readAll(client, {
    path: `repos/${repo}/pulls`,
    query: { head: `${owner}:${branch}`, state: 'all', sort: 'created', direction: 'desc', per_page: 100 },
    row: PullRow,
  });
  // A blank or unknown `head` makes GitHub list every pull request.
  return rows.filter(row => pullOf(row).head === branch);
}

/**
 * Opens the branch's pull request, or brings the title and body of the open one up to date. It looks first, unless
 * the branch is known to have none: GitHub opens no second one between the same two branches. What somebody has merged
 * meanwhile at the head that was pushed is returned as it is: GitHub would open, and merge, it a second time.
 */
export async function openPull(
  client: Client,
  repo: string,
  draft: PullDraft & { readonly pace: boolean },
): Promise<PullRow> {
  const wanted = { title: Array.from(draft.title).slice(0, TITLE_LIMIT).join(''), body: fitBody(draft.body) };
  const url = `/repos/${repo}/pulls`;
  const look = async () => {
    const rows = await readPullsOf(client, repo, draft.head);
    return rows.find(isMerged) ?? rows.find(row => row.state === 'open') ?? null;
  };
  const isMerged = (row: PullRow) => typeof row.merged_at === 'string' && row.head.sha === draft.sha;
  const send = async () => {
    const answer = await client.request({
      method: 'POST',
      url,
      data: { ...wanted, head: draft.head, base: draft.base },
    });
    return parseBody(PullRow, answer.data as unknown, `POST ${url}`);
  };

  const open = (draft.isFirst ? null : await look()) ?? (await createOrFind());
  if (isMerged(open)) return open;
  const isAsWanted =
    open.title === wanted.title && (open.body ?? '') === wanted.body && open.base.ref === draft.base;
  return isAsWanted
    ? open
    : edit(client, { repo, number: open.number, change: { ...wanted, base: draft.base } });

  async function createOrFind(): Promise<PullRow> {
    try {
      return await writeOnce({ send, look, pace: draft.pace });
    } catch (error) {
      // 422 "A pull request already exists": somebody was faster, or the list lagged.
      const found = statusOf(error) === 422 ? await look() : null;
      if (found === null) throw error;
      return found;
    }
  }
}

export async function closePull(client: Client, repo: string, number: number): Promise<PullRow> {
  return edit(client, { repo, number, change: { state: 'closed' } });
}

/**
 * Merges a pull request whose head is still `sha`. 403, 405, 409 and 422 are answers, not failures; and whatever
 * GitHub answers, the pull request itself tells whether it was merged.
 */
export async function mergePull(
  client: Client,
  pull: { readonly repo: string; readonly number: number },
  merge: MergeRequest,
): Promise<{ readonly result: MergeResult; readonly row: PullRow | null }> {
  const url = `/repos/${pull.repo}/pulls/${pull.number}/merge`;
  const data = {
    sha: merge.sha,
    merge_method: merge.method,
    commit_title: merge.title,
    commit_message: merge.message,
  };
  const send = async (): Promise<MergeResult> => {
    const answer = await client.request({ method: 'PUT', url, data });
    return { kind: 'merged', commit: parseBody(Merged, answer.data as unknown, `PUT ${url}`).sha };
  };

  try {
    return { result: await send(), row: null };
  } catch (error) {
    if (!isAmbiguous(error) && !isRefusedMerge(error)) throw error;
    const path = `repos/${pull.repo}/pulls/${pull.number}`;
    const row = await readNow(client, { path, shape: PullRow });
    const settled = settle(row, merge, error);
    if (settled !== null) return { result: settled, row };
  }
  // Not merged, and nobody said no for good.
  return { result: await send().catch(refusal), row: null };
}

const Merged = z.object({ sha: z.string() });

/** What the pull request shows after a failed merge; null when only another try can tell. */
function settle(row: PullRow, merge: MergeRequest, error: unknown): MergeResult | null {
  if (typeof row.merged_at === 'string') {
    const commit = row.merge_commit_sha ?? '';
    // Merged at another head: not what was verified.
    return row.head.sha === merge.sha ? { kind: 'merged', commit } : { kind: 'head-moved' };
  }
  if (row.head.sha !== merge.sha) return { kind: 'head-moved' };
  // 409 says that the head has moved, and it has not: GitHub had not seen the push yet.
  return isAmbiguous(error) || statusOf(error) === 409 ? null : refusal(error);
}

/** Throws what is no refusal. */
function refusal(error: unknown): MergeResult {
  if (!isRefusedMerge(error)) throw error;
  if (statusOf(error) === 409) return { kind: 'head-moved' };
  return { kind: 'refused', reason: reasonsOf(error) };
}

/** 403 not allowed, 405 not mergeable, 409 head moved, 422 rules (GitHub docs, "Merge a pull request"). */
function isRefusedMerge(error: unknown): boolean {
  return [403, 405, 409, 422].includes(statusOf(error) ?? 0);
}

async function edit(
  client: Client,
  pull: { repo: string; number: number; change: Readonly<Record<string, string>> },
): Promise<PullRow> {
  const url = `/repos/${pull.repo}/pulls/${pull.number}`;
  return writeAgain(async () => {
    const answer = await client.request({ method: 'PATCH', url, data: pull.change });
    return parseBody(PullRow, answer.data as unknown, `PATCH ${url}`);
  });
}
