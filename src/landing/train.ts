/** Runs what it is given one after the other per key; different keys run side by side. */
export type Train = <T>(key: string, ride: () => Promise<T>) => Promise<T>;

/** The order of landings within one worker: one at a time per repository and base. */
export function createTrain(): Train {
  const tails = new Map<string, Promise<unknown>>();
  return (key, ride) => {
    const turn = (tails.get(key) ?? Promise.resolve()).then(ride, ride);
    const tail = turn.catch(() => undefined);
    tails.set(key, tail);
    void tail.then(() => tails.get(key) === tail && tails.delete(key));
    return turn;
  };
}
