import { setTimeout as sleep } from 'node:timers/promises';
import { isAmbiguous } from './failure.ts';

/** GitHub's replicas need a moment before a read shows a write (reports say seconds). */
const REPLICA_LAG_MS = 2_000;

/** A write whose repetition would duplicate something. */
interface Write<T> {
  readonly send: () => Promise<T>;
  /** What the write makes, found on GitHub; null when it is not there. */
  readonly look: () => Promise<T | null>;
  /** false for an API on this host, which has no replicas. */
  readonly pace: boolean;
}

/**
 * Sends such a write. When its answer is lost, `look` finds out whether it took effect; it is sent once more only if
 * it did not. Throws what the last try threw, and not before that would be seen as well: whoever tries again looks
 * first.
 */
export async function writeOnce<T>(write: Write<T>): Promise<T> {
  for (let isLast = false; ; isLast = true) {
    try {
      return await write.send();
    } catch (error) {
      if (!isAmbiguous(error)) throw error;
      const made = await lookFor(write);
      if (made !== null) return made;
      if (isLast) throw error;
    }
  }
}

async function lookFor<T>({ look, pace }: Write<T>): Promise<T | null> {
  const found = await look();
  if (found !== null || !pace) return found;
  await sleep(REPLICA_LAG_MS);
  return look();
}

/** Sends a write that can be repeated without harm, once more when its answer is lost. */
export async function writeAgain<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    return send();
  }
}
