import type { Clock } from '../ports.ts';

/**
 * When this process last proved its leases to the others. A process that was cut off, stopped or asleep for
 * too long may have lost one without knowing: it then holds nothing until a push shows that it does.
 */
export interface Proofs {
  /** Taken before a push is sent; what it proves is true from then on, not from its answer. */
  readonly moment: () => Moment;
  /** Milliseconds since then, by the clock that says more. */
  readonly ageMs: (moment: Moment) => number;
  /** The journal itself was moved by a push sent at that moment. */
  readonly moved: (repo: string, ref: string, sentAt: Moment) => void;
  /** A host record that lists the lease was pushed; it renews a lease, and never brings one back. */
  readonly listed: (repo: string, ref: string, sentAt: Moment) => void;
  /** It is being given back: whatever becomes of that push, and whatever an old read still shows. */
  readonly released: (repo: string, ref: string) => void;
  /** Whether anything that others can see may still be done under the lease. */
  readonly holds: (repo: string, ref: string) => boolean;
}

/** Both clocks: the one stands still while the host sleeps, the other may be set. */
export interface Moment {
  readonly monotonic: number;
  readonly now: number;
}

// Others wait for the whole time-to-live. The rest of it is for what is on its way: a write that is repeated
// after lost answers, each waited for as long as GitHub may take, is over when they take the lease.
const USABLE = 0.6;

export function createProofs(clock: Pick<Clock, 'now' | 'monotonic'>, ttlMs: number): Proofs {
  const usableMs = ttlMs * USABLE;
  const proven = new Map<string, Moment>();
  const keyOf = (repo: string, ref: string) => `${repo.toLowerCase()} ${ref}`;
  const moment = (): Moment => ({ monotonic: clock.monotonic(), now: clock.now() });
  const ageMs = (then: Moment) => {
    const { monotonic, now } = moment();
    return Math.max(monotonic - then.monotonic, now - then.now);
  };
  const isWithin = (key: string, ms: number) => {
    const last = proven.get(key);
    return last !== undefined && ageMs(last) < ms;
  };
  return {
    moment,
    ageMs,
    moved: (repo, ref, sentAt) => void proven.set(keyOf(repo, ref), sentAt),
    listed: (repo, ref, sentAt) => {
      // The push of a record does not tell whether somebody takes the lease: who has seen no sign for the whole
      // time-to-live may have decided so before the record arrived, and be on the way.
      if (isWithin(keyOf(repo, ref), usableMs)) proven.set(keyOf(repo, ref), sentAt);
    },
    released: (repo, ref) => void proven.delete(keyOf(repo, ref)),
    holds: (repo, ref) => isWithin(keyOf(repo, ref), usableMs),
  };
}
