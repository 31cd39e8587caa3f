import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  AccountRecord,
  CommitRecord,
  IssueRecord,
  RepositoryName,
  RepositoryRecord,
} from './records.ts';
import { nameOf } from './records.ts';
import type { Board, Shelves } from './shelves.ts';
import {
  boardOf,
  copyOf,
  emptyShelves,
  nextNumberOf,
  shelveAccount,
  shelveCommit,
  shelveIssue,
  shelveRepository,
} from './shelves.ts';

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
      return nextNumberOf(shelves, name);
    },
    putAccount(account) {
      const kept = write(`accounts/${account.login}.json`, account);
      shelveAccount(shelves, kept);
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
      shelveCommit(shelves, kept);
      return kept;
    },
    freeze() {
      return boardOf(copyOf(shelves));
    },
  };
}

/** Ids are reserved on disk by so many; a forge that ends leaves a gap, and none is given twice. */
const ID_BLOCK = 1000;

function readShelves(directory: string): Shelves {
  const shelves = emptyShelves();
  for (const account of readFolder<AccountRecord>(join(directory, 'accounts'))) {
    shelveAccount(shelves, account);
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
  shelveRepository(shelves, repository);
  for (const issue of readFolder<IssueRecord>(join(folder, 'issues'))) shelveIssue(shelves, issue);
  for (const commit of readFolder<CommitRecord>(join(folder, 'commits'))) shelveCommit(shelves, commit);
}

function readFolder<T>(folder: string): readonly T[] {
  return namesIn(folder).flatMap(name => readJson<T>(join(folder, name)) ?? []);
}

function namesIn(folder: string): readonly string[] {
  return unlessAbsent(() => readdirSync(folder)) ?? [];
}

function readJson<T>(path: string): T | null {
  const text = unlessAbsent(() => readFileSync(path, 'utf8'));
  return text === null ? null : (JSON.parse(text) as T);
}

function unlessAbsent<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
