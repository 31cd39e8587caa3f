import type { Clock } from '../../ports.ts';
import type { Process } from '../machines/process.ts';
import type { Random } from '../random.ts';
import type { Universe } from '../universe.ts';
import { localNow } from './snapshots.ts';

/** A machine's clocks: the one may be wrong and jump, the other stands still while the machine sleeps. */
export function simulateClock(universe: Universe, { machine }: Process): Clock {
  return {
    now: () => localNow(universe, machine),
    monotonic: () => (universe.scheduler.now() - machine.clock.sleptMs) * machine.clock.rate,
    nonce: nonceFrom(machine.random),
  };
}

/** Makes identifiers of 24 hex digits. */
export const nonceFrom = (random: Random) => () =>
  [random.next(), random.next(), random.next()]
    .map(part =>
      Math.floor(part * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
