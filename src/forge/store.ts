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
  /** The same array until one of them changes. */
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
  let reserved = readJson<{ reserved: number }>(join(directory, 'ids.json'))?.reserved ?? 1000;
  let lastId = reserved;
  let writes = 0;
  const known = new Set<string>();

  /** Returns the record as it would be read: free of its maker's references, and much faster to scan. */
  const write = <T>(path: string, record: T): T => {
    const fresh = join(directory, 'new', String(writes++));
    const target = join(directory, path);
    const folder = dirname(target);
    const text = JSON.stringify(record, null, 1);
    writeFileSync(fresh, `${text}\n`);
    if (!known.has(folder)) mkdirSync(folder, { recursive: true });
    known.add(folder);
    renameSync(fresh, target);
    return JSON.parse(text) as T;
  };

  return {
    ...boardOf(shelves),
    nextId() {
      if (lastId === reserved) {
        reserved += ID_BLOCK;
        write('ids.json', { reserved });
      }
      lastId += 1;
      return lastId;
    },
    nextNumber(name) {
      return (shelves.repositories.get(fold(name))?.lastNumber ?? 0) + 1;
    },
    putAccount(account) {
      const kept = write(`accounts/${account.login}.json`, account);
      shelves.accounts.set(fold(account.login), kept);
      return kept;
    },
    putRepository(repository) {
      const kept = write(`repositories/${nameOf(repository)}/repository.json`, repository);
      shelveRepository(shelves, kept);
      return kept;
    },
    putIssue(issue) {
      const kept = write(`repositories/${issue.repository}/issues/${issue.number}.json`, issue);
      shelveIssue(shelves, kept);
      return kept;
    },
    putCommit(commit) {
      const kept = write(`repositories/${commit.repository}/commits/${commit.sha}.json`, commit);
      shelves.repositories.get(fold(commit.repository))?.commits.set(commit.sha, kept);
      return kept;
    },
    freeze() {
      return boardOf(copyOf(shelves));
    },
  };
}

/** Ids are reserved on disk by so many; a forge that ends leaves a gap, and none is given twice. */
const ID_BLOCK = 1000;

interface Shelves {
  readonly accounts: Map<string, AccountRecord>;
  readonly repositories: Map<string, Shelf>;
  readonly keyById: Map<number, IssueKey>;
}

interface Shelf {
  repository: RepositoryRecord;
  lastNumber: number;
  /** All issues as a list, made when it is asked for; null after a change. */
  list: readonly IssueRecord[] | null;
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

function shelveIssue(shelves: Shelves, issue: IssueRecord): void {
  const shelf = shelves.repositories.get(fold(issue.repository));
  if (shelf === undefined) return;
  shelf.issues.set(issue.number, issue);
  shelf.list = null;
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
