import type { Board, UnitBoard } from '../board.ts';
import { emptyScopes, type Scopes } from './scopes.ts';

/** The declared paths of a unit's children that somebody works on: a session of ours, or any live lease. */
export function scopesInFlight({ children }: UnitBoard, { work }: Board): Pick<Scopes, 'overlapping'> {
  const scopes = emptyScopes();
  for (const child of children) {
    if (!child.isOpen || child.scope.length === 0) continue;
    const { session, lease } = work.on(child.repo, child.issue.number);
    if (session || lease?.live) scopes.add(child.scope, child.name);
  }
  return scopes;
}
