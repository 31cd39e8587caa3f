import { setTimeout as sleep } from 'node:timers/promises';
import { isAmbiguous } from './failure.ts';

/** GitHub's replicas need a moment before a read shows a write (reports say seconds). */
const REPLICA_LAG_MS = 2_000;

/**
 * Sends a write whose repetition would duplicate something. When its answer is lost, `look` finds out
 * whether it took effect; it is sent once more only if it did not. Throws what the last try threw.
 */
export async function writeOnce<T>(write: {
  readonly send: () => Promise<T>;
  /** What the write makes, found on GitHub; null when it is not there. */
  readonly look: () => Promise<T | null>;
  /** false for an API on this host, which has no replicas. */
  readonly pace: boolean;
}): Promise<T> {
  try {
    return await write.send();
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    const found = await write.look();
    if (found !== null) return found;
    if (write.pace) {
      await sleep(REPLICA_LAG_MS);
      const foundLater = await write.look();
      if (foundLater !== null) return foundLater;
    }
    return write.send();
  }
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
