import type { Accounts } from './accounts.ts';
import type { ForgeClock } from './clock.ts';
import type { Commits } from './git/commits.ts';
import type { Diffs } from './git/diff.ts';
import type { Merging } from './git/merging.ts';
import type { Refs } from './git/refs.ts';
import type { Git } from './git/run.ts';
import type { RepositoryName } from './records.ts';
import type { Store } from './store.ts';

/** Everything that the routes work with. */
export interface Parts {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly clock: ForgeClock;
  readonly store: Store;
  readonly accounts: Accounts;
  readonly git: Git;
  readonly refs: Refs;
  readonly commits: Commits;
  readonly merging: Merging;
  readonly diffs: Diffs;
  /** Whether the mergeability of a pair of head and base is no longer unknown. */
  readonly knowsMergeability: (pair: string) => boolean;
  /** Runs what moves a repository's refs one after the other. */
  readonly inTurn: InTurn;
}

export type InTurn = <T>(repository: RepositoryName, work: () => Promise<T>) => Promise<T>;

/** A queue for each repository; a failure of one piece of work does not touch the next. */
export function createQueues(): InTurn {
  const last = new Map<RepositoryName, Promise<unknown>>();
  return (repository, work) => {
    const turn = (last.get(repository) ?? Promise.resolve()).then(work, work);
    last.set(
      repository,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
