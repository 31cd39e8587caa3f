import type { SnapshotDocument } from '../snapshots/document.ts';
import { compareUpdates } from '../snapshots/merge.ts';
import type { Client } from './client.ts';
import { readAll, readPage } from './pages.ts';
import { IssueRow } from './rows.ts';

/** What one look at a repository's issues brought; `same` when GitHub says that nothing changed. */
export type Listing =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'rows';
      /** `all` is every issue, `deep` reached back over the watermark's overlap, `near` only the newest. */
      readonly reach: 'all' | 'deep' | 'near';
      readonly rows: readonly IssueRow[];
      readonly watermark: string | null;
      /** Of the probe; null where it is to be asked anew. */
      readonly etag: string | null;
    };

/** The newest issues by update: both the question whether anything changed and, as a rule, the answer. */
const PROBE_ROWS = 30;
const FULL_ROWS = 100;

/** Rows can become visible late, behind the watermark (reported of GitHub's lists). */
const OVERLAP_MS = 600_000;
/** How often the overlap is read when it does not fit the probe. */
const DEEP_EVERY_MS = 60_000;

/**
 * Every issue and pull request. The newest come first, so that whatever changes while the pages are read
 * is newer than the watermark and comes with the next probe.
 */
export async function listAll(client: Client, repo: string): Promise<Listing> {
  const rows = await listFrom(client, repo, {});
  return { kind: 'rows', reach: 'all', rows, watermark: rows[0]?.updated_at ?? null, etag: null };
}

/** What changed since the watermark, with one request as a rule, and a free one when nothing did. */
export async function listChanges(
  client: Client,
  known: SnapshotDocument,
  when: { readonly now: number; readonly deepReadAt: number },
): Promise<Listing> {
  const probe = await readPage(client, {
    path: `repos/${known.repo}/issues`,
    query: { state: 'all', sort: 'updated', direction: 'desc', per_page: PROBE_ROWS },
    etag: known.etags.probe ?? null,
    row: IssueRow,
  });
  if (probe.kind === 'same') return { kind: 'same' };
  const watermark = probe.rows[0]?.updated_at ?? null;
  const oldest = probe.rows.at(-1)?.updated_at ?? null;
  const isCut = probe.next !== null && oldest !== null;
  const since = isCut ? sinceWhen(known.watermark, oldest, when) : null;
  if (since === null) return { kind: 'rows', reach: 'near', rows: probe.rows, watermark, etag: probe.etag };
  const rows = [...probe.rows, ...(await listFrom(client, known.repo, since))];
  return { kind: 'rows', reach: 'deep', rows, watermark, etag: probe.etag };
}

/** How far to read behind a probe whose oldest row is this; null when the probe reached back far enough. */
function sinceWhen(
  watermark: string,
  oldest: string,
  when: { readonly now: number; readonly deepReadAt: number },
): { since?: string } | null {
  if (watermark === '') return {};
  const margin = compareUpdates(watermark, oldest);
  const isOverlapDue = margin > -OVERLAP_MS && when.now - when.deepReadAt > DEEP_EVERY_MS;
  if (margin < 0 && !isOverlapDue) return null;
  const since = new Date(Date.parse(watermark) - OVERLAP_MS);
  return { since: since.toISOString().replace(/\.\d+Z$/, 'Z') };
}

function listFrom(client: Client, repo: string, query: { since?: string }): Promise<readonly IssueRow[]> {
  return readAll(client, {
    path: `repos/${repo}/issues`,
    query: { state: 'all', sort: 'updated', direction: 'desc', per_page: FULL_ROWS, ...query },
    row: IssueRow,
  });
}
