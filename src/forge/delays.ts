/** How slow the forge is, so that a client meets what it would meet on GitHub. */
export interface ForgeDelays {
  /** Before each API answer. */
  readonly apiMs?: number;
  /** Before each answer to git. */
  readonly gitMs?: number;
  /**
   * How many reads of a pull request say `mergeable: null` after its head or base moved. GitHub computes it in
   * the background; the forge does it at once when this is 0, the default.
   */
  readonly unknownMergeableReads?: number;
}

/** Tells for each pair of head and base whether its mergeability has been asked for often enough. */
export function createPatience(reads: number): (pair: string) => boolean {
  const asked = new Map<string, number>();
  return pair => {
    if (reads === 0) return true;
    const times = asked.get(pair) ?? 0;
    asked.set(pair, times + 1);
    return times >= reads;
  };
}
