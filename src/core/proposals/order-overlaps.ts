import { segmentsOf } from '../grammar/scope.ts';
import { emptyScopes } from '../rules/scopes.ts';
import { inOrder, type Node, waitsWithin } from './graph.ts';
import type { ProposedSlice } from './proposal.ts';

/**
 * Makes children that claim the same files wait for each other, the later for the earlier, where nothing else
 * orders them: two agents that change one file at a time each undo the other's verification.
 */
export function orderOverlaps<N extends Claiming>(children: readonly N[]): readonly N[] {
  const ordered: N[] = [];
  for (const child of inOrder(children)) {
    const waits = waitsWithin([...ordered, child]);
    const rivals = ordered.filter(earlier => overlap(earlier, child) && !waits(child.key, earlier.key));
    // Of rivals that wait for each other the last one is enough.
    const last = rivals.filter(({ key }) => !rivals.some(other => waits(other.key, key)));
    ordered.push({ ...child, blockedBy: [...child.blockedBy, ...last.map(({ key }) => key)] });
  }
  return ordered;
}

/** Paths of different units are different files. */
type Claiming = Node & Pick<ProposedSlice, 'scope' | 'unit'>;

function overlap(a: Claiming, b: Claiming): boolean {
  if (a.unit !== b.unit) return false;
  const scopes = emptyScopes();
  scopes.add(a.scope.map(segmentsOf), a.key);
  return scopes.overlapping(b.scope.map(segmentsOf)) !== null;
}
