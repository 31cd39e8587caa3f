import type { RepositoryName } from '../records.ts';
import type { Board } from '../shelves.ts';

/** The board as it is, but with some issues as they were, or missing where they were not there yet. */
export function staleFor(numbers: readonly number[], { now, before }: { now: Board; before: Board }): Board {
  const issues = (name: RepositoryName) => [
    ...now.issues(name).filter(({ number }) => !numbers.includes(number)),
    ...before.issues(name).filter(({ number }) => numbers.includes(number)),
  ];
  return { ...now, issues };
}
