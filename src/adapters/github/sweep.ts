import * as z from 'zod';
import { messageOf } from '../../errors.ts';
import type { Clock, Log } from '../../ports.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import { refreshOnce } from '../snapshots/refresh-once.ts';
import type { SharedFile } from '../snapshots/shared-file.ts';
import { addSpending, Spending } from '../snapshots/spending.ts';
import type { Client } from './client.ts';
import { askGraphQL } from './graphql.ts';
import { isWithin } from './pace.ts';

const SweepRecord = z.object({
  version: z.literal(1),
  /** Epoch milliseconds, like the others. */
  triedAt: z.number(),
  /** Of each repository in lower case: its newest change, and since when that is the newest. */
  marks: z.record(z.string(), z.object({ text: z.string(), since: z.number() })),
  spending: Spending,
});

/** What the last query about all repositories of a token has shown. */
export type SweepRecord = Readonly<z.infer<typeof SweepRecord>>;

/** What the name of the file that keeps it ends with. */
export const SWEEP_FILE = '.sweep.v1.json';

export const sweepFormat: LineFormat<SweepRecord> = oneLine(SweepRecord);

const NEVER_SWEPT: SweepRecord = { version: 1, triedAt: 0, marks: {}, spending: [] };

/** The newest change of a repository; the same text means that nothing was changed in between. */
export interface Mark {
  readonly text: string;
  /** Whether no further change can bear the same mark. */
  readonly isSettled: boolean;
}

/** The mark of a repository, at most so old; null when it cannot be told. Never throws. */
export type Sweep = (repo: string, maxAgeMs: number) => Promise<Mark | null>;

/** `updated_at` has whole seconds, and replicas lag a little. */
const SETTLED_MS = 4_000;

/** Of each repository its issues and its pull requests are looked at: a point for fifty (GitHub docs, "Rate limits"). */
const PER_QUERY = 50;
const ONE_POINT = { requests: 1, notModified: 0, points: 1 };

/** Sweeps over the repositories that `repos` names; one for all processes that share `file`. */
export function createSweep(options: {
  readonly client: Client;
  readonly file: SharedFile<SweepRecord>;
  readonly lock: () => Promise<(() => Promise<void>) | 'held'>;
  /** What the fleets of this host look at often. */
  readonly repos: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}): Sweep {
  const { client, file, clock, log } = options;
  const last = (): SweepRecord => file.read() ?? NEVER_SWEPT;
  let sweeping: Promise<void> | null = null;

  async function sweep(repo: string): Promise<void> {
    const startedAt = clock.now();
    const repos = [...new Set([repo, ...options.repos()].map(name => name.toLowerCase()))].toSorted();
    const known = last();
    const marks: Record<string, { text: string; since: number }> = {};
    let spending = known.spending;
    for (let from = 0; from < repos.length; from += PER_QUERY) {
      spending = addSpending(spending, startedAt, ONE_POINT);
      try {
        for (const { name, text } of await askNewest(client, repos.slice(from, from + PER_QUERY))) {
          const old = known.marks[name];
          marks[name] = old?.text === text ? old : { text, since: startedAt };
        }
      } catch (error) {
        log.debug('could not sweep', { problem: messageOf(error) });
        break;
      }
    }
    file.replace({ version: 1, triedAt: startedAt, marks, spending });
  }

  return async (repo, maxAgeMs) => {
    const askedAt = clock.now();
    const isOld = (): boolean => !isWithin(last().triedAt, askedAt, maxAgeMs);
    if (isOld()) {
      sweeping ??= refreshOnce({ lock: options.lock, isOld, refresh: () => sweep(repo), clock }).finally(
        () => {
          sweeping = null;
        },
      );
      await sweeping;
    }
    const mark = isOld() ? undefined : last().marks[repo.toLowerCase()];
    return mark === undefined ? null : { text: mark.text, isSettled: clock.now() - mark.since >= SETTLED_MS };
  };
}

const Newest = z.object({
  totalCount: z.int(),
  nodes: z.array(z.object({ number: z.int(), updatedAt: z.string() }).nullable()),
});

const Answer = z.record(z.string(), z.object({ issues: Newest, pullRequests: Newest }).nullable());

const NEWEST =
  '(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { number updatedAt } }';

async function askNewest(client: Client, repos: readonly string[]) {
  const fields = repos.map((repo, index) => {
    const [owner, name] = repo.split('/');
    const place = `owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}`;
    return `r${index}: repository(${place}) { issues${NEWEST} pullRequests${NEWEST} }`;
  });
  const answer = await askGraphQL(client, `query { ${fields.join(' ')} }`, { variables: {}, shape: Answer });
  return repos.flatMap((name, index) => {
    const found = answer?.[`r${index}`];
    return found == null ? [] : [{ name, text: `${textOf(found.issues)} ${textOf(found.pullRequests)}` }];
  });
}

const textOf = ({ totalCount, nodes: [newest] }: z.infer<typeof Newest>): string =>
  `${totalCount}:${newest?.number ?? 0}@${newest?.updatedAt ?? ''}`;
