/** The forge's time, which tests may set. */
export interface ForgeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Stops the clock at a time; null lets it run on real time again. */
  set(ms: number | null): void;
  /** Moves the clock forward by so many milliseconds. */
  advance(ms: number): void;
}

/** A clock on real time until it is set or advanced. */
export function createClock(): ForgeClock {
  let stoppedAt: number | null = null;
  let offset = 0;
  const now = () => (stoppedAt ?? Date.now()) + offset;
  return {
    now,
    set(ms) {
      stoppedAt = ms;
      offset = 0;
    },
    advance(ms) {
      offset += ms;
    },
  };
}

/** A time as GitHub writes it: UTC, whole seconds. */
export function timestampOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The clock's time as a timestamp, never earlier than `previous`. */
export function stamp(clock: ForgeClock, previous = ''): string {
  const time = timestampOf(clock.now());
  return time > previous ? time : previous;
}
