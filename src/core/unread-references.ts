import { readBoard } from './board.ts';
import type { World } from './world.ts';

/** References that open issues wait for and that no repository of the world covers, each once, ascending. */
export function unreadReferences(world: World): readonly string[] {
  const unread = readBoard({ ...world, references: {} }).units.flatMap(({ issues }) =>
    issues.flatMap(({ blockers }) =>
      blockers.filter(({ state }) => state === 'unknown').map(({ name }) => name),
    ),
  );
  return [...new Set(unread)].sort();
}
