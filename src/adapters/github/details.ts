import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { IssueRecord } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { readOn, readPage } from './pages.ts';
import { type IssueRow, issueOf, referenceOf } from './rows.ts';

/** A row of the issues API, and what was known of the issue before. */
export interface SeenIssue {
  readonly repo: string;
  readonly row: IssueRow;
  readonly old: IssueRecord | null;
  /** Epoch milliseconds for an issue that was read or written by itself, 0 for one of a list. */
  readonly readAloneAt: number;
}

/** A record, and the ETag that its dependencies were read under. */
export interface Detailed {
  readonly record: IssueRecord;
  readonly etags: Readonly<Record<string, string>>;
}

/** The record of a row; its dependencies are read when it has any. `etags` are the snapshot's. */
export async function detailIssue(
  client: Client,
  seen: SeenIssue,
  etags: Readonly<Record<string, string>>,
): Promise<Detailed> {
  const blockers = await readBlockers(client, seen, etags);
  return { record: recordOf(seen, blockers.references), etags: blockers.etags };
}

/** The record of a row whose dependencies are known; its editor is filled in where that needs no question. */
export function recordOf({ row, old, readAloneAt }: SeenIssue, blockedBy: readonly string[]): IssueRecord {
  const { labels, ...issue } = issueOf(row);
  const editor = knownEditor(row, old);
  return {
    issue: {
      ...issue,
      labels: [...labels],
      lastEditor: editor?.login ?? null,
      blockedBy: [...blockedBy],
      comments: [],
    },
    dependencies: dependenciesOf(row),
    editorKnown: editor !== null,
    readAloneAt,
  };
}

/** How many issues this one waits for by GitHub's own dependencies, closed ones included. */
export function dependenciesOf(row: IssueRow): number {
  return row.issue_dependencies_summary?.total_blocked_by ?? 0;
}

/** Whether a row says something else than what is known of the issue. */
export function isDifferent(old: IssueRecord, row: IssueRow): boolean {
  const { blockedBy, lastEditor } = old.issue;
  return (
    dependenciesOf(row) !== old.dependencies ||
    !isDeepStrictEqual({ ...issueOf(row), blockedBy, lastEditor }, old.issue)
  );
}

const BlockerRow = z.object({ number: z.int(), html_url: z.string() });

async function readBlockers(
  client: Client,
  { repo, row, old }: SeenIssue,
  etags: Readonly<Record<string, string>>,
): Promise<{ references: readonly string[]; etags: Record<string, string> }> {
  const last = old?.issue.blockedBy ?? [];
  if (dependenciesOf(row) === 0) return { references: [], etags: {} };
  // Nobody asks what a closed issue waited for; it is read when the issue is opened again.
  if (row.state === 'closed') return { references: last, etags: {} };
  const key = `blocked-by:${row.number}`;
  const page = await readPage(client, {
    path: `repos/${repo}/issues/${row.number}/dependencies/blocked_by`,
    query: { per_page: 100 },
    etag: last.length > 0 ? (etags[key] ?? null) : null,
    row: BlockerRow,
  });
  if (page.kind === 'same') return { references: last, etags: {} };
  const rows = [...page.rows, ...(await readOn(client, { next: page.next, row: BlockerRow }))];
  const references = rows.map(blocker => referenceOf(blocker.html_url) ?? `${repo}#${blocker.number}`);
  return { references, etags: page.etag === null ? {} : { [key]: page.etag } };
}

/** null where only GraphQL can tell. Editing a body moves `updated_at`, and only the body has an editor. */
function knownEditor(row: IssueRow, old: IssueRecord | null): { readonly login: string | null } | null {
  if (row.created_at === row.updated_at) return { login: null };
  const isSameBody = old?.editorKnown && old.issue.body === (row.body ?? '');
  return isSameBody ? { login: old.issue.lastEditor } : null;
}
