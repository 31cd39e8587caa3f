import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { IssueRecord, SnapshotDocument } from '../snapshots/document.ts';
import { compareUpdates, LIST_LAG_MS } from '../snapshots/merge.ts';
import type { Client } from './client.ts';
import { type Detailed, detailIssue, isDifferent, type SeenIssue } from './details.ts';
import { readEditors } from './editors.ts';
import { readNow } from './pages.ts';
import { IssueRow } from './rows.ts';

/** Records of listed issues, the unchanged ones as they were, and the ETags they were read under. */
export interface IssueReading {
  readonly issues: readonly IssueRecord[];
  readonly etags: Readonly<Record<string, string>>;
}

/** The records of listed issues; only what changed is asked for in detail. */
export async function readChangedIssues(
  client: Client,
  context: {
    readonly repo: string;
    readonly known: SnapshotDocument | null;
    readonly rows: readonly IssueRow[];
    /** Whether the rows are all that there are: then nobody asks about any other. */
    readonly isAll: boolean;
    readonly now: number;
    readonly log: Log;
  },
): Promise<IssueReading> {
  const { repo, known, now, log } = context;
  const records = new Map(known?.issues.map(record => [record.issue.number, record]));
  const etags = known?.etags ?? {};
  const read = async (row: IssueRow): Promise<Detailed> => {
    const seen = { repo, row, old: records.get(row.number) ?? null, readAloneAt: 0 };
    const settled = await settle(client, seen, now);
    return 'record' in settled ? settled : detailIssue(client, settled, etags);
  };
  const detailed = await Promise.all(context.rows.map(read));
  const listed = detailed.map(({ record }) => record);
  const others = context.isAll ? [] : (known?.issues ?? []);
  return {
    issues: await withEditors(client, { repo, known: others, listed, log }),
    etags: Object.assign({}, ...detailed.map(({ etags: own }) => own)),
  };
}

/**
 * The row that counts, or the old record where the row says nothing new. `updated_at` has whole seconds:
 * where a list differs from what was read or written alone in the same second, only another read of that
 * issue tells which is newer.
 */
async function settle(client: Client, seen: SeenIssue, now: number): Promise<SeenIssue | Detailed> {
  const { repo, row, old } = seen;
  if (old === null) return seen;
  const order = compareUpdates(old.issue.updatedAt, row.updated_at);
  if (order < 0 || (order === 0 && !isDifferent(old, row))) return { record: old, etags: {} };
  if (order > 0 || old.readAloneAt < now - LIST_LAG_MS) return seen;
  const path = `repos/${repo}/issues/${row.number}`;
  return { ...seen, row: await readNow(client, { path, shape: IssueRow }), readAloneAt: now };
}

/**
 * The listed issues with their editors, and those for which nobody could be asked before. A failure leaves
 * them unknown and the issues readable; the next refresh asks again.
 */
async function withEditors(
  client: Client,
  context: {
    readonly repo: string;
    readonly known: readonly IssueRecord[];
    readonly listed: readonly IssueRecord[];
    readonly log: Log;
  },
): Promise<readonly IssueRecord[]> {
  const { repo, listed, log } = context;
  const numbers = new Set(listed.map(({ issue }) => issue.number));
  const others = context.known.filter(({ issue }) => !numbers.has(issue.number));
  const asked = [...listed, ...others].filter(
    ({ issue, editorKnown }) => issue.state === 'open' && !editorKnown,
  );
  if (asked.length === 0) return listed;
  try {
    const editors = await readEditors(
      client,
      repo,
      asked.map(({ issue }) => issue.number),
    );
    const answered = new Map(asked.map(record => [record.issue.number, edited(record, editors)]));
    const mended = others.flatMap(({ issue }) => answered.get(issue.number) ?? []);
    return [...listed.map(record => answered.get(record.issue.number) ?? record), ...mended];
  } catch (error) {
    log.warn('could not read who edited issues', { repo, problem: messageOf(error) });
    return listed;
  }
}

function edited(record: IssueRecord, editors: ReadonlyMap<number, string | null>): IssueRecord {
  const lastEditor = editors.get(record.issue.number) ?? null;
  return { ...record, editorKnown: true, issue: { ...record.issue, lastEditor } };
}
