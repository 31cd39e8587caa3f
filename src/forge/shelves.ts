import type {
  AccountRecord,
  CommitRecord,
  IssueKey,
  IssueRecord,
  Oid,
  RepositoryName,
  RepositoryRecord,
} from './records.ts';
import { keyOf, nameOf } from './records.ts';

/** All records as they are, or as they were when `freeze` was called. Names are compared without case. */
export interface Board {
  account(login: string): AccountRecord | undefined;
  accounts(): readonly AccountRecord[];
  repositories(): readonly RepositoryRecord[];
  repository(name: RepositoryName): RepositoryRecord | undefined;
  /** The same array until one of them changes. */
  issues(name: RepositoryName): readonly IssueRecord[];
  /** How many issues and pull requests of a repository are open. */
  openCount(name: RepositoryName): number;
  issue(key: IssueKey): IssueRecord | undefined;
  issueById(id: number): IssueRecord | undefined;
  commit(name: RepositoryName, sha: Oid): CommitRecord | undefined;
  commits(name: RepositoryName): readonly CommitRecord[];
}

/** All records in memory, by name, number and id. */
export interface Shelves {
  readonly accounts: Map<string, AccountRecord>;
  readonly repositories: Map<string, Shelf>;
  readonly keyById: Map<number, IssueKey>;
}

/** One repository's records. */
export interface Shelf {
  repository: RepositoryRecord;
  lastNumber: number;
  /** All issues as a list, made when it is asked for; null after a change. */
  list: readonly IssueRecord[] | null;
  /** Counted when it is asked for; null after a change. */
  openCount: number | null;
  readonly issues: Map<number, IssueRecord>;
  readonly commits: Map<Oid, CommitRecord>;
}

/** Empty shelves. */
export function emptyShelves(): Shelves {
  return { accounts: new Map(), repositories: new Map(), keyById: new Map() };
}

/** The board over shelves, which may change. */
export function boardOf(shelves: Shelves): Board {
  const shelfOf = (name: string) => shelves.repositories.get(fold(name));
  const issue = (key: IssueKey) => {
    const [name = '', number] = key.split('#');
    return shelfOf(name)?.issues.get(Number(number));
  };
  return {
    account: login => shelves.accounts.get(fold(login)),
    accounts: () => [...shelves.accounts.values()],
    repositories: () => [...shelves.repositories.values()].map(shelf => shelf.repository),
    repository: name => shelfOf(name)?.repository,
    openCount: name => openCountOf(shelfOf(name)),
    issues: name => listOf(shelfOf(name)),
    issue,
    issueById(id) {
      const key = shelves.keyById.get(id);
      return key === undefined ? undefined : issue(key);
    },
    commits: name => [...(shelfOf(name)?.commits.values() ?? [])],
    commit: (name, sha) => shelfOf(name)?.commits.get(sha),
  };
}

function listOf(shelf: Shelf | undefined): readonly IssueRecord[] {
  if (shelf === undefined) return [];
  shelf.list ??= [...shelf.issues.values()];
  return shelf.list;
}

function openCountOf(shelf: Shelf | undefined): number {
  if (shelf === undefined) return 0;
  shelf.openCount ??= listOf(shelf).filter(({ state }) => state === 'open').length;
  return shelf.openCount;
}

/** Shelves that no longer change with these; the records are shared. */
export function copyOf(shelves: Shelves): Shelves {
  const repositories = new Map(
    [...shelves.repositories].map(([name, shelf]) => [
      name,
      { ...shelf, issues: new Map(shelf.issues), commits: new Map(shelf.commits) },
    ]),
  );
  return { accounts: new Map(shelves.accounts), repositories, keyById: new Map(shelves.keyById) };
}

/** Puts a repository in place of its former record, and returns its shelf. */
export function shelveRepository(shelves: Shelves, repository: RepositoryRecord): Shelf {
  const key = fold(nameOf(repository));
  const known = shelves.repositories.get(key);
  if (known !== undefined) {
    known.repository = repository;
    return known;
  }
  const shelf: Shelf = {
    repository,
    lastNumber: 0,
    list: null,
    openCount: null,
    issues: new Map(),
    commits: new Map(),
  };
  shelves.repositories.set(key, shelf);
  return shelf;
}

/** Puts an issue in place of its former record. */
export function shelveIssue(shelves: Shelves, issue: IssueRecord): void {
  const shelf = shelves.repositories.get(fold(issue.repository));
  if (shelf === undefined) return;
  shelf.issues.set(issue.number, issue);
  shelf.list = null;
  shelf.openCount = null;
  shelf.lastNumber = Math.max(shelf.lastNumber, issue.number);
  shelves.keyById.set(issue.id, keyOf(issue));
}

/** Puts an account in place of its former record. */
export function shelveAccount(shelves: Shelves, account: AccountRecord): void {
  shelves.accounts.set(fold(account.login), account);
}

/** Puts a commit's statuses and check runs in place of the former ones. */
export function shelveCommit(shelves: Shelves, commit: CommitRecord): void {
  shelves.repositories.get(fold(commit.repository))?.commits.set(commit.sha, commit);
}

/** The number that the next issue or pull request gets. */
export function nextNumberOf(shelves: Shelves, name: RepositoryName): number {
  return (shelves.repositories.get(fold(name))?.lastNumber ?? 0) + 1;
}

function fold(name: string): string {
  return name.toLowerCase();
}
