import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports.ts';

/** The clock of this host. Its monotonic time stands still while the host sleeps (Linux, macOS). */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  nonce: () => randomBytes(16).toString('hex'),
};
