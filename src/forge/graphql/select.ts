import { labelNamed } from '../board/labels.ts';
import type { IssueRecord, LabelRecord, PullIssue, RepositoryRecord } from '../records.ts';

/** How the arguments of a connection order issues and pull requests. */
export interface RecordOrder {
  readonly field: string;
  readonly direction: string;
}

export interface IssueSelection {
  readonly states?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: RecordOrder | null;
  readonly filterBy?: IssueFilter | null;
}

interface IssueFilter {
  readonly since?: string | null;
  readonly labels?: readonly string[] | null;
  readonly states?: readonly string[] | null;
  /** A login, `*` for anybody. */
  readonly assignee?: string | null;
  readonly createdBy?: string | null;
  readonly mentioned?: string | null;
}

export interface PullSelection {
  readonly states?: readonly string[] | null;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: RecordOrder | null;
}

export interface LabelSelection {
  readonly query?: string | null;
  readonly orderBy?: RecordOrder | null;
}

/** The issues that the arguments of `issues` ask for. */
export function selectIssueRecords(
  repository: RepositoryRecord,
  issues: readonly IssueRecord[],
  { states, labels, orderBy, filterBy }: IssueSelection,
): readonly IssueRecord[] {
  const { since, assignee, createdBy, mentioned } = filterBy ?? {};
  const wantedStates = states ?? filterBy?.states;
  const carries = labelTest(repository, labels ?? filterBy?.labels);
  const rows = issues.filter(
    issue =>
      isAmong(issue.state.toUpperCase(), wantedStates) &&
      carries(issue) &&
      issue.updatedAt >= (since ?? '') &&
      isSame(issue.author, createdBy) &&
      (isAbsent(assignee) || issue.assignees.some(login => assignee === '*' || login === assignee)) &&
      (isAbsent(mentioned) || (issue.body ?? '').includes(`@${mentioned}`)),
  );
  return sortRecords(rows, orderBy);
}

/** The pull requests that the arguments of `pullRequests` ask for. */
export function selectPullRecords(
  repository: RepositoryRecord,
  issues: readonly IssueRecord[],
  { states, headRefName, baseRefName, labels, orderBy }: PullSelection,
): readonly PullIssue[] {
  const carries = labelTest(repository, labels);
  const rows = issues
    .flatMap(issue => (issue.pull === null ? [] : { ...issue, pull: issue.pull }))
    .filter(
      issue =>
        isAmong(pullState(issue), states) &&
        isSame(issue.pull.head.ref, headRefName) &&
        isSame(issue.pull.base.ref, baseRefName) &&
        carries(issue),
    );
  return sortRecords(rows, orderBy);
}

/** The labels that the arguments of `labels` ask for; `query` is a part of the name or the description. */
export function selectLabels(
  labels: readonly LabelRecord[],
  { query, orderBy }: LabelSelection,
): readonly LabelRecord[] {
  const part = (query ?? '').toLowerCase();
  const rows = labels.filter(({ name, description }) =>
    `${name}\n${description ?? ''}`.toLowerCase().includes(part),
  );
  const byName = orderBy?.field === 'NAME';
  const sorted = byName ? [...rows].sort((a, b) => a.name.localeCompare(b.name)) : rows;
  return orderBy?.direction === 'DESC' ? [...sorted].reverse() : sorted;
}

/** `PullRequestState`. */
export function pullState(issue: PullIssue): 'OPEN' | 'CLOSED' | 'MERGED' {
  if (issue.pull.mergedAt !== null) return 'MERGED';
  return issue.state === 'open' ? 'OPEN' : 'CLOSED';
}

function isAbsent<T>(wanted: T | null | undefined): wanted is null | undefined {
  return wanted === null || wanted === undefined;
}

function isSame(value: string, wanted: string | null | undefined): boolean {
  return isAbsent(wanted) || value === wanted;
}

function isAmong(value: string, wanted: readonly string[] | null | undefined): boolean {
  return isAbsent(wanted) || wanted.includes(value);
}

/** Whether an issue carries one of the labels. */
function labelTest(
  repository: RepositoryRecord,
  names: readonly string[] | null | undefined,
): (issue: IssueRecord) => boolean {
  const ids = (names ?? []).map(name => labelNamed(repository, name)?.id ?? -1);
  return issue => ids.length === 0 || ids.some(id => issue.labels.includes(id));
}

/** Sorted as asked, by creation when not asked; what is equal by number. */
function sortRecords<T extends IssueRecord>(
  rows: readonly T[],
  order: RecordOrder | null | undefined,
): readonly T[] {
  const sign = order?.direction === 'DESC' ? -1 : 1;
  const key = order?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  return [...rows].sort((a, b) => {
    if (order?.field === 'COMMENTS')
      return sign * (a.comments.length - b.comments.length || a.number - b.number);
    return sign * ((a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) || a.number - b.number);
  });
}
