import type { PullRecord, SnapshotDocument } from '../snapshots/document.ts';
import { compareUpdates } from '../snapshots/merge.ts';
import type { Client } from './client.ts';
import { readAll, readNow } from './pages.ts';
import { type IssueRow, PullRow, pullOf } from './rows.ts';

/** Beyond so many changed pull requests a list costs less than asking for each. */
const ONE_BY_ONE = 3;

/**
 * The pull requests that the issues' list shows as changed. It names neither branch nor commit, so the
 * open ones are read from the pulls API; a closed one matters only as merged or not.
 */
export async function readChangedPulls(
  client: Client,
  context: { repo: string; known: SnapshotDocument | null; rows: readonly IssueRow[] },
): Promise<readonly PullRecord[]> {
  const { repo } = context;
  const records = new Map(context.known?.pulls.map(record => [record.pull.number, record]));
  const changed = context.rows.filter(row => isChanged(row, records.get(row.number)));
  const details = await readDetails(
    client,
    repo,
    changed.filter(row => row.state === 'open'),
  );
  const detailed = new Set(details.map(row => row.number));
  return [
    ...details.map(pullRecordOf),
    ...changed.filter(row => !detailed.has(row.number)).map(row => outlineOf(row, records.get(row.number))),
  ];
}

/** Opened and merged within one second, it has the time of its update twice. */
function isChanged(row: IssueRow, old: PullRecord | undefined): boolean {
  if (old === undefined) return true;
  const order = compareUpdates(old.updatedAt, row.updated_at);
  return order > 0 || (order === 0 && (row.state !== old.pull.state || isMerged(row) !== old.pull.merged));
}

const isMerged = (row: IssueRow): boolean => typeof row.pull_request?.merged_at === 'string';

/** The record of a pull request as the pulls API tells it. */
export function pullRecordOf(row: PullRow): PullRecord {
  const { mergeCommit: _, ...pull } = pullOf(row);
  return { pull: { ...pull, closes: [...pull.closes] }, updatedAt: row.updated_at };
}

async function readDetails(
  client: Client,
  repo: string,
  rows: readonly IssueRow[],
): Promise<readonly PullRow[]> {
  if (rows.length <= ONE_BY_ONE) {
    const paths = rows.map(row => `repos/${repo}/pulls/${row.number}`);
    return Promise.all(paths.map(path => readNow(client, { path, shape: PullRow })));
  }
  const query = { state: 'open', per_page: 100 };
  return readAll(client, { path: `repos/${repo}/pulls`, query, row: PullRow });
}

/** What the issues' list alone says of a pull request, on top of what was known. */
function outlineOf(row: IssueRow, old: PullRecord | undefined): PullRecord {
  const pull = old?.pull ?? {
    number: row.number,
    head: '',
    headSha: '',
    base: '',
    checks: 'unknown' as const,
    review: 'none' as const,
    closes: [],
  };
  return { pull: { ...pull, state: row.state, merged: isMerged(row) }, updatedAt: row.updated_at };
}
