import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../ports.ts';

/** How long to wait for another process that is refreshing before its old result is taken. */
const WAIT_FOR_OTHER_MS = 10_000;
const LOOK_AGAIN_MS = 40;

/**
 * Makes what several processes share fresh: whoever gets the lock refreshes it, the others wait for that. When
 * the owner of the lock dies, the next one goes on.
 */
export async function refreshOnce(options: {
  readonly lock: () => Promise<(() => Promise<void>) | 'held'>;
  readonly isOld: () => boolean;
  readonly refresh: () => Promise<void>;
  readonly clock: Clock;
}): Promise<void> {
  const { isOld, refresh, clock } = options;
  const deadline = clock.monotonic() + WAIT_FOR_OTHER_MS;
  while (isOld() && clock.monotonic() < deadline) {
    const release = await options.lock();
    if (release === 'held') {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    try {
      if (isOld()) await refresh();
    } finally {
      await release();
    }
    return;
  }
}
