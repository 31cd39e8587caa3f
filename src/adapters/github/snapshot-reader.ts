import { messageOf } from '../../errors.ts';
import type { Clock, Log, Snapshot } from '../../ports.ts';
import type { Need } from '../registry/fleet-file.ts';
import type { Counts } from '../snapshots/spending.ts';
import type { Account } from './account.ts';
import type { Client } from './client.ts';
import { countsBetween, NO_REQUESTS, type RequestTally } from './counts.ts';
import { BUSY_MS, paceOf } from './pace.ts';
import type { Cadence } from './refresh.ts';
import { readSnapshot } from './shared-snapshot.ts';
import { createSweep, type Sweep } from './sweep.ts';
import { unreadSnapshot } from './view.ts';

/** What the processes of this host look at, so that together they keep to a token's share of requests. */
export interface Watch {
  /** Notes that this process looks at a repository. */
  need(need: Need): void;
  /** All that is looked at with a token, each snapshot once. */
  watched(account: string): readonly Need[];
}

export interface ReaderOptions {
  readonly client: Client;
  readonly account: () => Promise<Account>;
  readonly tally: () => RequestTally;
  readonly watch: Watch;
  /** Who reads, for the record. */
  readonly reader: string;
  readonly cadence: Cadence;
  readonly planned: boolean;
  readonly workflow: boolean;
  /** Path of the specification; empty for none. */
  readonly spec: string;
  /** The branch that work lands on; empty for the default branch. */
  readonly base: string;
  readonly clock: Clock;
  readonly log: Log;
}

const WATCHED_FRESH_MS = 5_000;

/** Reads snapshots at the pace that the number of watched repositories allows. Never throws. */
export function createSnapshotReader(
  options: ReaderOptions,
): (repo: string, maxAgeMs: number) => Promise<Snapshot> {
  const { clock, watch } = options;
  const watchers = new Map<string, Watcher>();

  return async (repo, maxAgeMs) => {
    try {
      const account = await options.account();
      const watcher = watchers.get(account.id) ?? watchWith(account, options);
      watchers.set(account.id, watcher);
      if (maxAgeMs > 0) watch.need({ account: account.id, repo, everyMs: maxAgeMs });
      const shared = {
        ...options,
        repo,
        store: account.storeOf(repo),
        sweep: watcher.sweep,
        spent: () => watcher.spentOn(repo.toLowerCase()),
      };
      return await readSnapshot(shared, paceOf(maxAgeMs, watcher.watched().length));
    } catch (error) {
      return unreadSnapshot(repo, messageOf(error));
    }
  };

  /** What a process keeps about one token. */
  function watchWith(account: Account, { client, tally, log }: ReaderOptions): Watcher {
    const noted = new Map<string, Counts>();
    let known: readonly Need[] = [];
    let knownAt = Number.NEGATIVE_INFINITY;

    function watched(): readonly Need[] {
      if (clock.monotonic() - knownAt > WATCHED_FRESH_MS) {
        known = watch.watched(account.id);
        knownAt = clock.monotonic();
      }
      return known;
    }

    const repos = () => watched().flatMap(({ repo, everyMs }) => (everyMs < BUSY_MS ? [repo] : []));
    return {
      watched,
      sweep: createSweep({ client, file: account.sweeps, lock: account.lockSweep, repos, clock, log }),
      spentOn(repo) {
        const now = tally().repos[repo] ?? NO_REQUESTS;
        const spent = countsBetween(noted.get(repo) ?? NO_REQUESTS, now);
        noted.set(repo, now);
        return spent;
      },
    };
  }
}

interface Watcher {
  readonly watched: () => readonly Need[];
  readonly sweep: Sweep;
  /** Requests about a repository in lower case since this was asked last. */
  readonly spentOn: (repo: string) => Counts;
}
