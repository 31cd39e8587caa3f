import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  repositories(): readonly RepositoryRecord[];
  repository(name: RepositoryName): RepositoryRecord | undefined;
  issues(name: RepositoryName): readonly IssueRecord[];
  /** How many issues and pull requests of a repository are open. */
  openCount(name: RepositoryName): number;
  issue(key: IssueKey): IssueRecord | undefined;
  issueById(id: number): IssueRecord | undefined;
  commit(name: RepositoryName, sha: Oid): CommitRecord | undefined;
  commits(name: RepositoryName): readonly CommitRecord[];
}

/** The board and its changes. A `put` is on disk when it returns. */
export interface Store extends Board {
  nextId(): number;
  nextNumber(name: RepositoryName): number;
  putAccount(account: AccountRecord): AccountRecord;
  putRepository(repository: RepositoryRecord): RepositoryRecord;
  putIssue(issue: IssueRecord): IssueRecord;
  putCommit(commit: CommitRecord): CommitRecord;
  /** The board as it is now, untouched by later changes. */
  freeze(): Board;
}

/**
 * Opens the records under `root/records`: `accounts/<login>.json`, `ids.json`, and for each repository
 * `repositories/<owner>/<name>/{repository,issues/<n>,commits/<sha>}.json`. Every file is replaced
 * by a rename, so a killed forge leaves each record either as it was or as it became.
 */
export function openStore(root: string): Store {
  const directory = join(root, 'records');
  rmSync(join(directory, 'new'), { recursive: true, force: true });
  mkdirSync(join(directory, 'new'), { recursive: true });
  const shelves = readShelves(directory);
  const ids = readJson<{ last: number }>(join(directory, 'ids.json')) ?? { last: 1000 };
  let lastId = ids.last;
  let writes = 0;

  const write = (path: string, record: unknown) => {
    const fresh = join(directory, 'new', String(writes++));
    const target = join(directory, path);
    writeFileSync(fresh, `${JSON.stringify(record, null, 1)}\n`);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(fresh, target);
  };

  return {
    ...boardOf(shelves),
    nextId() {
      lastId += 1;
      write('ids.json', { last: lastId });
      return lastId;
    },
    nextNumber(name) {
      return (shelves.repositories.get(fold(name))?.lastNumber ?? 0) + 1;
    },
    putAccount(account) {
      write(`accounts/${account.login}.json`, account);
      shelves.accounts.set(fold(account.login), account);
      return account;
    },
    putRepository(repository) {
      write(`repositories/${nameOf(repository)}/repository.json`, repository);
      shelveRepository(shelves, repository);
      return repository;
    },
    putIssue(issue) {
      write(`repositories/${issue.repository}/issues/${issue.number}.json`, issue);
      shelveIssue(shelves, issue);
      return issue;
    },
    putCommit(commit) {
      write(`repositories/${commit.repository}/commits/${commit.sha}.json`, commit);
      shelves.repositories.get(fold(commit.repository))?.commits.set(commit.sha, commit);
      return commit;
    },
    freeze() {
      return boardOf(copyOf(shelves));
    },
  };
}

interface Shelves {
  readonly accounts: Map<string, AccountRecord>;
  readonly repositories: Map<string, Shelf>;
  readonly keyById: Map<number, IssueKey>;
}

interface Shelf {
  repository: RepositoryRecord;
  lastNumber: number;
  /** Counted when it is asked for; null after a change. */
  openCount: number | null;
  readonly issues: Map<number, IssueRecord>;
  readonly commits: Map<Oid, CommitRecord>;
}

function boardOf(shelves: Shelves): Board {
  const shelfOf = (name: string) => shelves.repositories.get(fold(name));
  const issue = (key: IssueKey) => {
    const [name = '', number] = key.split('#');
    return shelfOf(name)?.issues.get(Number(number));
  };
  return {
    account: login => shelves.accounts.get(fold(login)),
    repositories: () => [...shelves.repositories.values()].map(shelf => shelf.repository),
    repository: name => shelfOf(name)?.repository,
    openCount: name => openCountOf(shelfOf(name)),
    issues: name => [...(shelfOf(name)?.issues.values() ?? [])],
    issue,
    issueById(id) {
      const key = shelves.keyById.get(id);
      return key === undefined ? undefined : issue(key);
    },
    commits: name => [...(shelfOf(name)?.commits.values() ?? [])],
    commit: (name, sha) => shelfOf(name)?.commits.get(sha),
  };
}

function openCountOf(shelf: Shelf | undefined): number {
  if (shelf === undefined) return 0;
  shelf.openCount ??= [...shelf.issues.values()].filter(({ state }) => state === 'open').length;
  return shelf.openCount;
}

function copyOf(shelves: Shelves): Shelves {
  const repositories = new Map(
    [...shelves.repositories].map(([name, shelf]) => [
      name,
      { ...shelf, issues: new Map(shelf.issues), commits: new Map(shelf.commits) },
    ]),
  );
  return { accounts: new Map(shelves.accounts), repositories, keyById: new Map(shelves.keyById) };
}

function readShelves(directory: string): Shelves {
  const shelves: Shelves = { accounts: new Map(), repositories: new Map(), keyById: new Map() };
  for (const account of readFolder<AccountRecord>(join(directory, 'accounts'))) {
    shelves.accounts.set(fold(account.login), account);
  }
  const top = join(directory, 'repositories');
  for (const owner of namesIn(top)) {
    for (const name of namesIn(join(top, owner))) readShelf(shelves, join(top, owner, name));
  }
  return shelves;
}

function readShelf(shelves: Shelves, folder: string): void {
  const repository = readJson<RepositoryRecord>(join(folder, 'repository.json'));
  if (repository === null) return;
  const shelf = shelveRepository(shelves, repository);
  for (const issue of readFolder<IssueRecord>(join(folder, 'issues'))) shelveIssue(shelves, issue);
  for (const commit of readFolder<CommitRecord>(join(folder, 'commits')))
    shelf.commits.set(commit.sha, commit);
}

function shelveRepository(shelves: Shelves, repository: RepositoryRecord): Shelf {
  const key = fold(nameOf(repository));
  const known = shelves.repositories.get(key);
  if (known !== undefined) {
    known.repository = repository;
    return known;
  }
  const shelf: Shelf = { repository, lastNumber: 0, openCount: null, issues: new Map(), commits: new Map() };
  shelves.repositories.set(key, shelf);
  return shelf;
}

function shelveIssue(shelves: Shelves, issue: IssueRecord): void {
  const shelf = shelves.repositories.get(fold(issue.repository));
  if (shelf === undefined) return;
  shelf.issues.set(issue.number, issue);
  shelf.openCount = null;
  shelf.lastNumber = Math.max(shelf.lastNumber, issue.number);
  shelves.keyById.set(issue.id, keyOf(issue));
}

function readFolder<T>(folder: string): readonly T[] {
  return namesIn(folder).flatMap(name => readJson<T>(join(folder, name)) ?? []);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readJson<T>(path: string): T | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  return JSON.parse(text) as T;
}

function fold(name: string): string {
  return name.toLowerCase();
}
