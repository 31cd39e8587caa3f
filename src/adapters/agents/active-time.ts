/** Counts the time in which an agent works: not while it waits for a person, nor between its turns. */
export interface ActiveTime {
  /** Goes on; does nothing while it counts already. `at` is milliseconds since the epoch, as everywhere here. */
  begin(at: number): void;
  end(at: number): void;
  /** In seconds, with what is not over by `now`; null when it never began. */
  seconds(now: number): number | null;
}

export function countActiveTime(): ActiveTime {
  let countedMs: number | null = null;
  let begunAt: number | null = null;
  const untilMs = (at: number) => (begunAt === null ? 0 : Math.max(0, at - begunAt));
  return {
    begin: at => {
      countedMs ??= 0;
      begunAt ??= at;
    },
    end: at => {
      if (countedMs !== null) countedMs += untilMs(at);
      begunAt = null;
    },
    seconds: now => (countedMs === null ? null : (countedMs + untilMs(now)) / 1000),
  };
}
