/** Everything that happens by chance in a simulation; the same seed gives the same sequence. */
export interface Random {
  /** At least 0, less than 1. */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** Evenly spread from `low` to `high`. */
  readonly between: (low: number, high: number) => number;
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number;
  /** Throws when there is nothing to pick from. */
  readonly pick: <T>(values: readonly T[]) => T;
  /** Picks a key in proportion to its weight. */
  readonly draw: <K extends string>(weights: Readonly<Record<K, number>>) => K;
  /** An independent sequence, so that one part of a simulation does not disturb another's. */
  readonly fork: (name: string) => Random;
}

/** The generator mulberry32: 32 bits of state, quick, good enough to spread events. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: probability => next() < probability,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor((high - low + 1) * next()),
    pick: values => {
      const picked = values[Math.floor(values.length * next())];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    draw: weights => drawFrom(weights, next()),
    fork: name => createRandom(hashOf(`${seed} ${name}`)),
  };
}

function drawFrom<K extends string>(weights: Readonly<Record<K, number>>, at: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  throw new Error('There is nothing to draw from.');
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
