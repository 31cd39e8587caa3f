import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import type { Clock, Log, PushResult, Refs, RefUpdate } from '../../ports.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import { openSharedFile, type SharedFile } from '../snapshots/shared-file.ts';

const PushTimes = z.object({
  version: z.literal(1),
  /** Epoch milliseconds of the last pushes to one repository, oldest first. */
  sentAt: z.array(z.number()),
});

/** What all processes of this user know of their pushes to one repository. */
export type PushTimes = Readonly<z.infer<typeof PushTimes>>;

const pushTimesFormat: LineFormat<PushTimes> = oneLine(PushTimes);

/** At most so many pushes in any such span. */
export interface PushLimit {
  readonly most: number;
  readonly withinMs: number;
}

/** What GitHub recommends for one repository (GitHub docs, "Repository limits"). */
export const GITHUB_PUSHES: PushLimit = { most: 6, withinMs: 60_000 };

interface Turns {
  readonly limit: PushLimit;
  readonly clock: Pick<Clock, 'now'>;
}

/** An atomic push is as good as its worst ref, and servers limit how many they take at once. */
const MOST_TOGETHER = 25;

interface Waiting {
  readonly updates: readonly RefUpdate[];
  /** It was refused together with others, and is to be sent by itself. */
  readonly isAlone: boolean;
  readonly settle: (result: Promise<PushResult>) => void;
}

/** Where the processes of this user note their pushes to an API's repositories. */
export function pushTimesIn(
  directory: string,
  options: { readonly apiUrl: string; readonly readOnly: boolean; readonly log: Log },
): (repo: string) => SharedFile<PushTimes> {
  const files = new Map<string, SharedFile<PushTimes>>();
  return repo => {
    const place = `${options.apiUrl}\0${repo.toLowerCase()}`;
    const id = createHash('sha256').update(place).digest('hex').slice(0, 16);
    const path = join(directory, `${id}.pushes.v1.json`);
    const file = files.get(id) ?? openSharedFile({ ...options, path, format: pushTimesFormat });
    files.set(id, file);
    return file;
  };
}

/**
 * Refs whose pushes keep to a limit that all processes share. Those that wait for their turn at the same time go
 * in one atomic push; when that does not go through, each by itself.
 */
export function gatePushes(
  refs: Refs,
  options: Turns & { readonly timesOf: (repo: string) => SharedFile<PushTimes> },
): Refs {
  const lines = new Map<string, Waiting[]>();

  function queue(repo: string, waiting: Waiting): void {
    const key = repo.toLowerCase();
    const line = lines.get(key);
    line?.push(waiting);
    if (line !== undefined) return;
    lines.set(key, [waiting]);
    void serve(repo, key);
  }

  async function serve(repo: string, key: string): Promise<void> {
    for (let line = lines.get(key); line !== undefined && line.length > 0; line = lines.get(key)) {
      await awaitTurn(options.timesOf(repo), options);
      void send(repo, takeTogether(line));
    }
    lines.delete(key);
  }

  async function send(repo: string, together: readonly Waiting[]): Promise<void> {
    const pushed = refs.push(
      repo,
      together.flatMap(({ updates }) => updates),
    );
    if (together.length > 1 && (await isSplit(pushed))) {
      for (const waiting of together) queue(repo, { ...waiting, isAlone: true });
      return;
    }
    for (const { settle } of together) settle(pushed);
  }

  return {
    ...refs,
    push: (repo, updates) =>
      new Promise(settle => {
        queue(repo, { updates, isAlone: false, settle });
      }),
  };
}

/** Resolves when a push may be sent, and counts it. */
async function awaitTurn(times: SharedFile<PushTimes>, options: Turns): Promise<void> {
  for (let waitMs = await takeTurn(times, options); waitMs > 0; waitMs = await takeTurn(times, options)) {
    await sleep(waitMs);
  }
}

/** Milliseconds until there may be a turn; 0 when this was one. */
async function takeTurn(times: SharedFile<PushTimes>, { limit, clock }: Turns): Promise<number> {
  const now = clock.now();
  let waitMs = 0;
  await times.change(known => {
    // One from the future was noted before the clock was set back.
    const recent = (known?.sentAt ?? []).filter(at => at > now - limit.withinMs && at <= now);
    const oldest = recent.at(-limit.most);
    waitMs = oldest === undefined ? 0 : oldest + limit.withinMs - now;
    return waitMs > 0 ? known : { version: 1, sentAt: [...recent, now] };
  });
  return waitMs;
}

/** From the front of the line what may go in one push: nothing that names the same ref twice. */
function takeTogether(line: Waiting[]): readonly Waiting[] {
  const together = line.splice(0, 1);
  const names = (waiting: Waiting | undefined) => waiting?.updates.map(({ ref }) => ref) ?? [];
  const taken = new Set(names(together[0]));
  for (let [next] = line; next !== undefined && together[0]?.isAlone === false; [next] = line) {
    const refs = names(next);
    const isFull = taken.size + refs.length > MOST_TOGETHER;
    if (next.isAlone || isFull || refs.some(ref => taken.has(ref))) break;
    together.push(...line.splice(0, 1));
    for (const ref of refs) taken.add(ref);
  }
  return together;
}

/** Whether a push of several failed in a way that may concern only one of them; nothing has moved then. */
async function isSplit(pushed: Promise<PushResult>): Promise<boolean> {
  try {
    return (await pushed).kind === 'lost';
  } catch (error) {
    return error instanceof HarnessError && error.code === 'github-refused';
  }
}
