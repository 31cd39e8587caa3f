/** The order of landings within one worker: one at a time per key, a repository and its base. */
export interface Train {
  /** Runs what it is given after all that was given before with the same key. */
  readonly ride: <T>(key: string, ride: () => Promise<T>) => Promise<T>;
  readonly isBusy: (key: string) => boolean;
}

export function createTrain(): Train {
  const tails = new Map<string, Promise<unknown>>();
  return {
    ride: (key, ride) => {
      const turn = (tails.get(key) ?? Promise.resolve()).then(ride, ride);
      const tail = turn.catch(() => undefined);
      tails.set(key, tail);
      void tail.then(() => tails.get(key) === tail && tails.delete(key));
      return turn;
    },
    isBusy: key => tails.has(key),
  };
}
