import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Clock, Log, Snapshot } from '../../ports.ts';
import { NEVER_READ, type ReadingRecord } from '../snapshots/document.ts';
import { addRequests } from '../snapshots/hours.ts';
import { mergeRefresh } from '../snapshots/merge.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Client } from './client.ts';
import type { RequestCounts } from './counts.ts';
import { statusOf } from './failure.ts';
import { type Cadence, readRepository } from './refresh.ts';
import { viewOf } from './view.ts';

export interface SharedSnapshotOptions {
  readonly client: Client;
  readonly repo: string;
  /** Who reads, for the record. */
  readonly reader: string;
  readonly store: SnapshotStore;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly planned: boolean;
  readonly log: Log;
  readonly counts: () => RequestCounts;
}

/** How long to wait for another process that is refreshing before its old result is taken. */
const WAIT_FOR_OTHER_MS = 10_000;
const LOOK_AGAIN_MS = 40;

/**
 * The repository as last read by any process of this host. An older one is refreshed by whoever gets the
 * lock; the others wait for that result. A failure of GitHub is told by what is returned.
 */
export async function readSnapshot(options: SharedSnapshotOptions, maxAgeMs: number): Promise<Snapshot> {
  const { store, repo } = options;
  const askedAt = options.clock.now();
  const isOld = (reading: ReadingRecord): boolean => !isWithin(reading.triedAt, askedAt, maxAgeMs);
  if (isOld(readingIn(store))) await refreshShared(options, isOld);
  const [document, reading] = [store.document.read(), readingIn(store)];
  return viewOf({ repo, document, reading, isUpToDate: isWithin(reading.readAt, askedAt, 3 * maxAgeMs) });
}

/** What was read is void without the document that it was read into. */
function readingIn(store: SnapshotStore): ReadingRecord {
  const last = store.reading.read() ?? NEVER_READ;
  return last.readAt > 0 && store.document.read() === null ? NEVER_READ : last;
}

/**
 * Whether `time` is at most so long before `askedAt`. A read that failed counts as one, so that a GitHub in
 * trouble is not asked more often; a time far ahead was written before the clock was set back.
 */
function isWithin(time: number, askedAt: number, maxAgeMs: number): boolean {
  return time >= askedAt - maxAgeMs && time <= askedAt + CLOCK_STEP_MS;
}

const CLOCK_STEP_MS = 60_000;

async function refreshShared(
  options: SharedSnapshotOptions,
  isOld: (reading: ReadingRecord) => boolean,
): Promise<void> {
  const { store, clock } = options;
  const deadline = clock.monotonic() + WAIT_FOR_OTHER_MS;
  while (clock.monotonic() < deadline) {
    const release = await store.lockRefresh();
    if (release !== 'held') {
      try {
        const last = readingIn(store);
        if (isOld(last)) await refresh(options, last);
      } finally {
        await release();
      }
      return;
    }
    if (!isOld(readingIn(store))) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function refresh(options: SharedSnapshotOptions, last: ReadingRecord): Promise<void> {
  const { client, store, repo, clock, log } = options;
  const before = options.counts();
  const now = clock.now();
  const known = store.document.read();
  const note = (outcome: Partial<ReadingRecord>): void => {
    const hours = addRequests(last.hours, now, before, options.counts());
    store.reading.replace({ ...last, triedAt: now, by: options.reader, hours, ...outcome });
  };
  try {
    const times = known === null ? NEVER_READ.times : last.times;
    const read = await readRepository(client, { ...options, known, times, now });
    await store.document.change(current => mergeRefresh(repo, current, read.refreshed));
    note({ readAt: now, isMissing: false, problem: null, times: read.times });
    if (last.problem !== null) log.info('the repository can be read again', { repo });
  } catch (error) {
    const problem = messageOf(error);
    if (problem !== last.problem) log.warn('could not read a repository', { repo, problem });
    note({ isMissing: statusOf(error) === 404 && (await isGone(options)), problem });
  }
}

/** A 404 may also be about one issue that was deleted while it was read. */
async function isGone({ client, repo }: SharedSnapshotOptions): Promise<boolean> {
  try {
    await client.request({ method: 'GET', url: `/repos/${repo}` });
    return false;
  } catch (error) {
    return statusOf(error) === 404;
  }
}
