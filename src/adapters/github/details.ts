import { isDeepStrictEqual } from 'node:util';
import type { Octokit } from 'octokit';
import { z } from 'zod';
import type { IssueRecord } from '../snapshots/document.ts';
import { readOn, readPage } from './pages.ts';
import { type IssueRow, issueOf, referenceOf } from './rows.ts';

const BlockerRow = z.object({ number: z.int(), html_url: z.string() });

/** A record, and the ETag that its dependencies were read under. */
export interface Detailed {
  readonly record: IssueRecord;
  readonly etags: Readonly<Record<string, string>>;
}

/** The record of a row: its dependencies are read when it has any, its editor only where that is known free. */
export async function detailIssue(
  octokit: Octokit,
  context: {
    readonly repo: string;
    readonly row: IssueRow;
    readonly old: IssueRecord | null;
    /** ETags of the snapshot. */
    readonly etags: Readonly<Record<string, string>>;
    /** Epoch milliseconds for an issue that was read or written by itself, 0 for one of a list. */
    readonly readAloneAt: number;
  },
): Promise<Detailed> {
  const { row, old } = context;
  const dependencies = row.issue_dependencies_summary?.total_blocked_by ?? 0;
  const blockers = await readBlockers(octokit, { ...context, dependencies });
  const editor = knownEditor(row, old);
  const issue = { ...issueOf(row), blockedBy: [...blockers.references], lastEditor: editor.login };
  return {
    record: {
      issue: { ...issue, labels: [...issue.labels], comments: [] },
      dependencies,
      editorKnown: editor.isKnown,
      readAloneAt: context.readAloneAt,
    },
    etags: blockers.etags,
  };
}

/** Whether a row says something else than what is known of the issue. */
export function isDifferent(old: IssueRecord, row: IssueRow): boolean {
  const seen = { ...issueOf(row), blockedBy: old.issue.blockedBy, lastEditor: old.issue.lastEditor };
  const dependencies = row.issue_dependencies_summary?.total_blocked_by ?? 0;
  return dependencies !== old.dependencies || !isDeepStrictEqual(seen, old.issue);
}

async function readBlockers(
  octokit: Octokit,
  context: {
    readonly repo: string;
    readonly row: IssueRow;
    readonly old: IssueRecord | null;
    readonly etags: Readonly<Record<string, string>>;
    readonly dependencies: number;
  },
): Promise<{ references: readonly string[]; etags: Record<string, string> }> {
  const { repo, row, old } = context;
  const last = old?.issue.blockedBy ?? [];
  if (context.dependencies === 0) return { references: [], etags: {} };
  // Nobody asks what a closed issue waited for; it is read when the issue is opened again.
  if (row.state === 'closed') return { references: last, etags: {} };
  const key = `blocked-by:${row.number}`;
  const page = await readPage(octokit, {
    path: `repos/${repo}/issues/${row.number}/dependencies/blocked_by`,
    query: { per_page: 100 },
    etag: last.length > 0 ? (context.etags[key] ?? null) : null,
    row: BlockerRow,
  });
  if (page.kind === 'same') return { references: last, etags: {} };
  const rows = [...page.rows, ...(await readOn(octokit, { next: page.next, row: BlockerRow }))];
  const references = rows.map(blocker => referenceOf(blocker.html_url) ?? `${repo}#${blocker.number}`);
  return { references, etags: page.etag === null ? {} : { [key]: page.etag } };
}

/** Editing a body moves `updated_at`, and only an edit of the body has an editor. */
function knownEditor(row: IssueRow, old: IssueRecord | null): { isKnown: boolean; login: string | null } {
  if (row.created_at === row.updated_at) return { isKnown: true, login: null };
  if (old?.editorKnown && old.issue.body === (row.body ?? '')) {
    return { isKnown: true, login: old.issue.lastEditor };
  }
  return { isKnown: false, login: null };
}
