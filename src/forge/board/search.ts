import { ApiFailure } from '../http/failures.ts';
import type { IssueRecord, RepositoryRecord } from '../records.ts';
import type { Board } from '../shelves.ts';
import { labelNamed } from './labels.ts';

/** One word of a search: text, or a qualifier such as `label:bug` with what it says. */
interface SearchTerm {
  /** null: text. */
  readonly qualifier: string | null;
  readonly value: string;
  readonly negated: boolean;
}

/** What is looked through, and who `@me` is. */
export interface SearchGround {
  readonly board: Board;
  /** Those that the login may see. */
  readonly repositories: readonly RepositoryRecord[];
  readonly login: string;
}

/** An issue or pull request that was found, and where. */
export interface Found {
  readonly repository: RepositoryRecord;
  readonly issue: IssueRecord;
}

/**
 * The issues and pull requests that a search in GitHub's syntax finds, newest first unless it has `sort:`.
 * Throws 422 for a qualifier that the forge does not know: a wrong result would be worse.
 */
export function searchIssues({ board, repositories, login }: SearchGround, query: string): readonly Found[] {
  const terms = parseTerms(query).map(term => ({ ...term, value: term.value.replace(/^@me$/, login) }));
  const tests = terms.filter(({ qualifier }) => qualifier !== 'sort').map(testFor);
  const found = repositories.flatMap(repository =>
    board.issues(`${repository.owner}/${repository.name}`).map(issue => ({ repository, issue })),
  );
  const sort = terms.find(({ qualifier }) => qualifier === 'sort')?.value ?? 'created-desc';
  return sortFound(
    found.filter(row => tests.every(test => test(row))),
    sort,
  );
}

/** Words, `key:value`, `-key:value`; quotes keep blanks together. */
function parseTerms(query: string): readonly SearchTerm[] {
  const words = query.matchAll(/(-?)(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))/gi);
  return [...words].map(([, minus, qualifier, quoted, bare]) => ({
    qualifier: qualifier?.toLowerCase() ?? null,
    value: quoted ?? bare ?? '',
    negated: minus === '-',
  }));
}

type Test = (row: Found) => boolean;

function testFor(term: SearchTerm): Test {
  const holds = plainTest(term);
  return term.negated ? row => !holds(row) : holds;
}

function plainTest({ qualifier, value }: SearchTerm): Test {
  const wanted = value.toLowerCase();
  const isWanted = (text: string | undefined) => text?.toLowerCase() === wanted;
  switch (qualifier) {
    case null:
      return ({ issue }) => `${issue.title}\n${issue.body ?? ''}`.toLowerCase().includes(wanted);
    case 'repo':
      return ({ issue }) => isWanted(issue.repository);
    case 'user':
    case 'org':
      return ({ repository }) => isWanted(repository.owner);
    case 'is':
    case 'state':
    case 'type':
      return stateTest(wanted);
    case 'draft':
      return ({ issue }) => String(issue.pull?.draft ?? false) === wanted;
    case 'label':
      return ({ repository, issue }) =>
        value.split(',').some(name => issue.labels.includes(labelNamed(repository, name)?.id ?? -1));
    case 'no':
      return ({ issue }) => (wanted === 'label' ? issue.labels : issue.assignees).length === 0;
    case 'author':
      return ({ issue }) => isWanted(issue.author);
    case 'assignee':
      return ({ issue }) => issue.assignees.some(isWanted);
    case 'mentions':
      return ({ issue }) => (issue.body ?? '').toLowerCase().includes(`@${wanted}`);
    case 'review-requested':
      return ({ issue }) => (issue.pull?.reviewers ?? []).some(isWanted);
    case 'head':
      return ({ issue }) => isWanted(issue.pull?.head.ref);
    case 'base':
      return ({ issue }) => isWanted(issue.pull?.base.ref);
    default:
      throw unknownTerm(`${qualifier}:${value}`);
  }
}

function stateTest(wanted: string): Test {
  switch (wanted) {
    case 'open':
    case 'closed':
      return ({ issue }) => issue.state === wanted;
    case 'issue':
      return ({ issue }) => issue.pull === null;
    case 'pr':
      return ({ issue }) => issue.pull !== null;
    case 'merged':
      return ({ issue }) => (issue.pull?.mergedAt ?? null) !== null;
    case 'unmerged':
      return ({ issue }) => issue.pull?.mergedAt === null;
    case 'draft':
      return ({ issue }) => issue.pull?.draft === true;
    default:
      throw unknownTerm(`is:${wanted}`);
  }
}

function sortFound(rows: readonly Found[], sort: string): readonly Found[] {
  const [, field = '', direction] = /^(created|updated|comments)(?:-(asc|desc))?$/.exec(sort) ?? [];
  if (field === '') throw unknownTerm(`sort:${sort}`);
  const sign = direction === 'asc' ? 1 : -1;
  const key = ({ issue }: Found) =>
    field === 'comments' ? issue.comments.length : Date.parse(issue[`${field as 'created' | 'updated'}At`]);
  return [...rows].sort((a, b) => sign * (key(a) - key(b) || a.issue.number - b.issue.number));
}

function unknownTerm(term: string): ApiFailure {
  return new ApiFailure(422, `The forge does not search by ${term}.`);
}
