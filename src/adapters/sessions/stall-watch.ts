/** Notices an agent that gives no sign of life, and has it nudged once before it counts as stalled. */
export interface StallWatch {
  /** The agent said something. */
  sign(): void;
  /** Looks at the clock; true: it is stalled. `mayBeSilent`: silence means nothing just now. */
  isStalled(mayBeSilent: boolean): boolean;
}

/** What a watch goes by. Times are milliseconds. */
export interface StallRules {
  readonly now: () => number;
  /** Silence that is too long; 0: none is. */
  readonly stallMs: number;
  /** Whether there was a sign of life without a word since it was asked last. */
  readonly showsLife: () => boolean;
  /** Asks the agent to go on; false when it can't be asked. */
  readonly nudge: () => boolean;
}

export function watchForStall({ now, stallMs, showsLife, nudge }: StallRules): StallWatch {
  let lastSignAt = now();
  let lookedAt: number | null = null;
  let nudgedAt: number | null = null;
  let wasNudged = false;
  const sign = () => {
    lastSignAt = now();
    lookedAt = null;
    nudgedAt = null;
  };
  const lookForLife = () => {
    const isFirst = lookedAt === null;
    if (!isFirst && now() - (lookedAt ?? 0) < stallMs / LOOKS) return;
    lookedAt = now();
    // The first look says what was before: only what comes after it is a sign.
    if (showsLife() && !isFirst) sign();
  };
  return {
    sign,
    isStalled: mayBeSilent => {
      if (stallMs === 0) return false;
      if (mayBeSilent) {
        sign();
        return false;
      }
      // A look costs some work: who spoke just now needs none.
      if (now() - lastSignAt < stallMs / 2) return false;
      lookForLife();
      if (now() - lastSignAt <= stallMs) return false;
      if (nudgedAt !== null) return now() - nudgedAt > Math.min(stallMs / 2, MOST_PATIENT_MS);
      if (wasNudged || !nudge()) return true;
      wasNudged = true;
      nudgedAt = now();
      return false;
    },
  };
}

/** Looks for silent signs of life in the time that makes a stall. */
const LOOKS = 8;

/** An agent that was nudged answers at its next step, if it takes any. */
const MOST_PATIENT_MS = 300_000;
