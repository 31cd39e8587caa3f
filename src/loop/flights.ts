import { messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';

/**
 * What this process is doing right now, one thing per key. It is no memory: a flight that is lost with the
 * process is begun again from what is visible.
 */
export interface Flights {
  readonly keys: () => readonly string[];
  readonly has: (key: string) => boolean;
  /** Begins unless one with this key is under way. A failure is logged; the next tick is the retry. */
  readonly begin: (key: string, run: () => Promise<FlightEnd>) => void;
  /** Resolves when the next flight ends well; what failed, or waits, is not to be tried again at once. */
  readonly landed: () => Promise<void>;
  /** Resolves when none is left. */
  readonly settled: () => Promise<void>;
}

/** `WAITS`: it got as far as others let it, and looking again at once would show the same. */
// biome-ignore lint/suspicious/noConfusingVoidType: most flights have nothing to say at their end
export type FlightEnd = typeof WAITS | void;

export const WAITS = 'waits';

export function createFlights(log: Log): Flights {
  const under = new Map<string, Promise<unknown>>();
  let waiting: (() => void)[] = [];
  const wakeAll = () => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    keys: () => [...under.keys()],
    has: key => under.has(key),
    begin(key, run) {
      if (under.has(key)) return;
      const flight = run()
        .finally(() => under.delete(key))
        .then(
          end => end === WAITS || wakeAll(),
          (error: unknown) => log.warn(`${key}: ${messageOf(error)}`),
        );
      under.set(key, flight);
    },
    landed: () => new Promise(resolve => waiting.push(resolve)),
    async settled() {
      while (under.size > 0) await Promise.all(under.values());
    },
  };
}
