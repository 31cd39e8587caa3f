/**
 * A memory for answers that can't change, such as what git says about two commits. It keeps the `capacity`
 * answers that were given first-in-first-out, and forgets a failed one at once.
 */
export function createMemory(capacity: number) {
  const known = new Map<string, Promise<unknown>>();
  return function remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const answer = known.get(key);
    if (answer !== undefined) return answer as Promise<T>;
    const fresh = ask();
    known.set(key, fresh);
    fresh.catch(() => known.delete(key));
    const oldest = known.keys().next();
    if (known.size > capacity && !oldest.done) known.delete(oldest.value);
    return fresh;
  };
}

export type Remember = ReturnType<typeof createMemory>;
