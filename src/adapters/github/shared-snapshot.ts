import { messageOf } from '../../errors.ts';
import type { Clock, Log, Snapshot } from '../../ports.ts';
import { NEVER_READ, type ReadingRecord } from '../snapshots/document.ts';
import { mergeRefresh } from '../snapshots/merge.ts';
import { refreshOnce } from '../snapshots/refresh-once.ts';
import { addSpending, type Counts } from '../snapshots/spending.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { isWithin, type Pace } from './pace.ts';
import { type Cadence, readRepository } from './refresh.ts';
import type { Mark, Sweep } from './sweep.ts';
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
  /** Read WORKFLOW.md, too. */
  readonly workflow: boolean;
  /** Path of the specification; empty for none. */
  readonly spec: string;
  /** The branch that work lands on; empty for the default branch. */
  readonly base: string;
  readonly log: Log;
  readonly sweep: Sweep;
  /** What this process has spent on the repository since it asked last. */
  readonly spent: () => Counts;
}

/**
 * The repository as last read by any process of this host. An older one is refreshed by whoever gets the
 * lock; the others wait for that result. A failure of GitHub is told by what is returned.
 */
export async function readSnapshot(options: SharedSnapshotOptions, pace: Pace): Promise<Snapshot> {
  const { store, repo, clock } = options;
  const askedAt = clock.now();
  await refreshOnce({
    lock: store.lockRefresh,
    isOld: () => !isWithin(readingIn(store).triedAt, askedAt, pace.lookMs),
    refresh: () => refresh(options, pace),
    clock,
  });
  const [document, reading] = [store.document.read(), readingIn(store)];
  return viewOf({ repo, document, reading, isUpToDate: isWithin(reading.readAt, askedAt, 3 * pace.probeMs) });
}

/** What was read is void without the document that it was read into. */
function readingIn(store: SnapshotStore): ReadingRecord {
  const last = store.reading.read() ?? NEVER_READ;
  return last.readAt > 0 && store.document.read() === null ? NEVER_READ : last;
}

async function refresh(options: SharedSnapshotOptions, pace: Pace): Promise<void> {
  const { store, repo, clock, log } = options;
  const last = readingIn(store);
  const now = clock.now();
  const note = (outcome: Partial<ReadingRecord>): void => {
    const spending = addSpending(last.spending, now, options.spent());
    store.reading.replace({ ...last, triedAt: now, by: options.reader, spending, ...outcome });
  };
  const isProbed = isWithin(last.times.probe, now, pace.probeMs);
  const mark = pace.isSwept ? await options.sweep(repo, pace.lookMs) : null;
  // Where the sweep says nothing, the probe waits for its turn.
  if (pace.isSwept && mark === null && isProbed) return note({});
  if (mark !== null && mark.text === last.mark && isProbed) return note({ readAt: now });
  try {
    const known = store.document.read();
    const times = known === null ? NEVER_READ.times : last.times;
    const cadence = { ...options.cadence, checksMs: Math.max(options.cadence.checksMs, pace.checksMs) };
    const read = await readRepository(options.client, { ...options, cadence, known, times, now });
    await store.document.change(current => mergeRefresh(repo, current, read.refreshed));
    note({ readAt: now, isMissing: false, problem: null, times: read.times, mark: markAfter(last, mark) });
    if (last.problem !== null) log.info('the repository can be read again', { repo });
  } catch (error) {
    const problem = messageOf(error);
    if (problem !== last.problem) log.warn('could not read a repository', { repo, problem });
    note({ isMissing: statusOf(error) === 404 && (await isGone(options)), problem });
  }
}

/** The mark that what was just read contains; one that may still gain another change proves nothing. */
function markAfter(last: ReadingRecord, mark: Mark | null): string {
  if (mark === null) return last.mark;
  return mark.isSettled ? mark.text : '';
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
