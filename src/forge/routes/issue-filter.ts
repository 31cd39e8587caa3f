import { labelNamed } from '../board/labels.ts';
import { timestampOf } from '../clock.ts';
import { invalid } from '../http/failures.ts';
import type { IssueRecord, RepositoryRecord } from '../records.ts';

/** The issues that the query of a list asks for, in its order. Pull requests are among them. */
export function selectIssues(
  issues: readonly IssueRecord[],
  repository: RepositoryRecord,
  query: Readonly<Record<string, string>>,
): readonly IssueRecord[] {
  const state = oneOf('state', query.state ?? 'open', ['open', 'closed', 'all']);
  const labels = (query.labels ?? '').split(',').filter(name => name.trim() !== '');
  const ids = labels.map(name => labelNamed(repository, name.trim())?.id ?? -1);
  const since = query.since === undefined ? '' : sinceOf(query.since);
  const { creator, assignee } = query;
  return sortOnce(issues, query).filter(
    issue =>
      (state === 'all' || issue.state === state) &&
      issue.updatedAt >= since &&
      ids.every(id => issue.labels.includes(id)) &&
      (creator === undefined || issue.author === creator) &&
      (assignee === undefined || isAssigned(issue, assignee)),
  );
}

/** Lists that were sorted before, as long as their issues are the same. */
const sorted = new WeakMap<readonly IssueRecord[], Map<string, readonly IssueRecord[]>>();

/** A poll of a large repository asks for the same order again and again. */
function sortOnce(
  issues: readonly IssueRecord[],
  query: Readonly<Record<string, string>>,
): readonly IssueRecord[] {
  const orders = sorted.get(issues) ?? new Map<string, readonly IssueRecord[]>();
  sorted.set(issues, orders);
  const order = `${query.sort} ${query.direction}`;
  const rows = orders.get(order) ?? sortIssues(issues, query);
  orders.set(order, rows);
  return rows;
}

/** Sorted by `sort` (created, updated, comments) and `direction`; what is equal by number, the same way. */
export function sortIssues<T extends IssueRecord>(
  issues: readonly T[],
  query: Readonly<Record<string, string>>,
): readonly T[] {
  const sort = oneOf('sort', query.sort ?? 'created', SORTS);
  const direction = oneOf('direction', query.direction ?? 'desc', ['asc', 'desc']);
  const sign = direction === 'asc' ? 1 : -1;
  return [...issues].sort(
    (a, b) => sign * (compare(keyFor(sort, a), keyFor(sort, b)) || a.number - b.number),
  );
}

/** A `since` as a timestamp of the granularity that records have; 422 when it is none. */
export function sinceOf(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalid({ resource: 'Issue', field: 'since', code: 'invalid' });
  return timestampOf(ms);
}

const SORTS = ['created', 'updated', 'comments', 'popularity', 'long-running'] as const;

function keyFor(sort: (typeof SORTS)[number], issue: IssueRecord): string | number {
  if (sort === 'updated') return issue.updatedAt;
  if (sort === 'comments' || sort === 'popularity') return issue.comments.length;
  return issue.createdAt;
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isAssigned(issue: IssueRecord, assignee: string): boolean {
  if (assignee === 'none') return issue.assignees.length === 0;
  if (assignee === '*') return issue.assignees.length > 0;
  return issue.assignees.includes(assignee);
}

function oneOf<T extends string>(field: string, value: string, choices: readonly T[]): T {
  const choice = choices.find(candidate => candidate === value);
  if (choice === undefined) throw invalid({ resource: 'Issue', field, code: 'invalid' });
  return choice;
}
