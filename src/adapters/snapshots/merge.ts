import { isDeepStrictEqual } from 'node:util';
import { type IssueRecord, type PullRecord, SNAPSHOT_VERSION, type SnapshotDocument } from './document.ts';

/** What one refresh has read, complete: a refresh that fails half-way merges nothing. */
export interface Refreshed {
  /** When it began, in epoch milliseconds. */
  readonly startedAt: number;
  /** Whether this is every issue there is; else what is not named stays as it was. */
  readonly isAll: boolean;
  readonly issues: readonly IssueRecord[];
  readonly pulls: readonly PullRecord[];
  /** Newest `updated_at` of the list; null when the list had nothing new to say. */
  readonly watermark: string | null;
  readonly etags: Readonly<Record<string, string>>;
  /** null where it was not read. */
  readonly defaultBranch: string | null;
  readonly checks: SnapshotDocument['checks'] | null;
  readonly plan: SnapshotDocument['plan'] | null;
  readonly workflow: SnapshotDocument['workflow'] | null;
  readonly branches: SnapshotDocument['branches'] | null;
  readonly rules: SnapshotDocument['rules'];
  readonly heads: SnapshotDocument['heads'] | null;
}

/**
 * How long a list may lag behind a read or write of a single issue. Reports of GitHub's lists put it at up
 * to eight minutes.
 */
export const LIST_LAG_MS = 600_000;

/** A snapshot after a refresh; `known` itself when nothing is different, so that nothing is written. */
export function mergeRefresh(
  repo: string,
  known: SnapshotDocument | null,
  refreshed: Refreshed,
): SnapshotDocument {
  const before = known ?? emptyDocument(repo);
  const kept = refreshed.isAll ? stillThere(before, refreshed) : before.issues;
  const issues = mergeIssues(kept, refreshed.issues);
  const next = {
    ...before,
    defaultBranch: refreshed.defaultBranch ?? before.defaultBranch,
    watermark: later(before.watermark, refreshed.watermark),
    changes: refreshed.isAll ? missingFrom(refreshed, issues) : before.changes + changesIn(refreshed, before),
    etags: { ...before.etags, ...refreshed.etags },
    issues,
    pulls: mergePulls(before.pulls, refreshed.pulls),
    checks: refreshed.checks ?? before.checks,
    plan: refreshed.plan ?? before.plan,
    workflow: refreshed.workflow ?? before.workflow,
    branches: refreshed.branches ?? before.branches,
    rules: refreshed.rules ?? before.rules,
    heads: refreshed.heads ?? before.heads,
  };
  return known !== null && isSame(known, next) ? known : next;
}

/** What a complete list did not show is to be looked for again soon: as if everything had changed. */
function missingFrom(refreshed: Refreshed, issues: readonly IssueRecord[]): number {
  return issues.length > refreshed.issues.length ? issues.length : 0;
}

function changesIn({ issues, pulls, watermark }: Refreshed, before: SnapshotDocument): number {
  const known = new Set<unknown>([...before.issues, ...before.pulls]);
  const changed = [...issues, ...pulls].filter(record => !known.has(record)).length;
  // Our own writes are known already; they may have hidden something else.
  return Math.max(changed, isLater(before.watermark, watermark) ? 1 : 0);
}

/** Issues that a complete list names, and those that are so new that it may not show them yet. */
function stillThere(before: SnapshotDocument, refreshed: Refreshed): readonly IssueRecord[] {
  const listed = new Set(refreshed.issues.map(({ issue }) => issue.number));
  const newest = refreshed.watermark === null ? refreshed.startedAt : Date.parse(refreshed.watermark);
  const isNew = ({ issue, readAloneAt }: IssueRecord): boolean =>
    readAloneAt >= refreshed.startedAt - LIST_LAG_MS ||
    Date.parse(issue.updatedAt ?? '') >= newest - LIST_LAG_MS;
  return before.issues.filter(record => listed.has(record.issue.number) || isNew(record));
}

function isSame(known: SnapshotDocument, next: SnapshotDocument): boolean {
  const { issues, pulls, ...rest } = next;
  const { issues: knownIssues, pulls: knownPulls, ...knownRest } = known;
  const isSameList = (a: readonly unknown[], b: readonly unknown[]) =>
    a.length === b.length && a.every((record, index) => record === b[index]);
  return (
    isSameList(issues, knownIssues) && isSameList(pulls, knownPulls) && isDeepStrictEqual(rest, knownRest)
  );
}

/** A snapshot after one issue was read or written by itself; one that was never read stays unread. */
export function mergeIssueRecord(
  known: SnapshotDocument | null,
  record: IssueRecord,
  etags: Readonly<Record<string, string>>,
): SnapshotDocument | null {
  if (known === null) return null;
  return { ...known, issues: mergeIssues(known.issues, [record]), etags: { ...known.etags, ...etags } };
}

/** Likewise for a pull request. */
export function mergePullRecord(known: SnapshotDocument | null, record: PullRecord): SnapshotDocument | null {
  return known === null ? null : { ...known, pulls: mergePulls(known.pulls, [record]) };
}

/** A place in a merge queue. */
export interface QueuePlace {
  /** Of the pull request. */
  readonly number: number;
  readonly sha: string;
  readonly queued: number;
}

/** Likewise after a pull request was put into a merge queue. */
export function mergeQueuePlace(
  known: SnapshotDocument | null,
  { number, sha, queued }: QueuePlace,
): SnapshotDocument | null {
  const head = known?.heads[String(number)];
  if (known === null || head?.sha !== sha) return known;
  return { ...known, heads: { ...known.heads, [number]: { ...head, queued } } };
}

/** How a list's row stands to what is known: a stale list must not undo what was read or written since. */
export function compareUpdates(known: string | null, seen: string | null): number {
  return Date.parse(seen ?? '') - Date.parse(known ?? '');
}

/** Of two records the one updated later, in the same second the one read alone later. */
const mergeIssues = (known: readonly IssueRecord[], seen: readonly IssueRecord[]): IssueRecord[] =>
  mergeRecords(known, seen, {
    numberOf: record => record.issue.number,
    replaces: (record, old) => {
      const order = compareUpdates(old.issue.updatedAt, record.issue.updatedAt);
      return order > 0 || (order === 0 && record.readAloneAt >= old.readAloneAt);
    },
  });

export const mergePulls = (known: readonly PullRecord[], seen: readonly PullRecord[]): PullRecord[] =>
  mergeRecords(known, seen, {
    numberOf: record => record.pull.number,
    replaces: (record, old) => compareUpdates(old.updatedAt, record.updatedAt) >= 0,
  });

/** By number, ascending. */
function mergeRecords<R>(
  known: readonly R[],
  seen: readonly R[],
  rules: { readonly numberOf: (record: R) => number; readonly replaces: (record: R, old: R) => boolean },
): R[] {
  const merged = new Map(known.map(record => [rules.numberOf(record), record]));
  for (const record of seen) {
    const old = merged.get(rules.numberOf(record));
    if (old === undefined || rules.replaces(record, old)) merged.set(rules.numberOf(record), record);
  }
  return [...merged.values()].sort((a, b) => rules.numberOf(a) - rules.numberOf(b));
}

const isLater = (known: string, seen: string | null): boolean =>
  seen !== null && (known === '' || compareUpdates(known, seen) > 0);

const later = (known: string, seen: string | null): string =>
  seen !== null && isLater(known, seen) ? seen : known;

function emptyDocument(repo: string): SnapshotDocument {
  return {
    version: SNAPSHOT_VERSION,
    repo,
    defaultBranch: '',
    watermark: '',
    changes: 0,
    etags: {},
    issues: [],
    pulls: [],
    checks: { status: 'unknown', runs: 'unknown' },
    plan: { head: '', exists: false, markerHash: null, id: null, specHash: null, spec: '' },
    workflow: { head: '', text: null, problem: null },
    rules: null,
    branches: [],
    heads: {},
  };
}
