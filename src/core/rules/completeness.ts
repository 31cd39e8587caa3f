import type { UnitBoard } from '../board.ts';
import type { Settings } from '../settings.ts';

/**
 * Whether a unit's work is done. A unit that can't be read now is not: what can't be seen counts as
 * unfinished. Bugs don't count.
 */
export function isComplete(
  { isFresh, children, prds, repo }: UnitBoard,
  { mode, specHash }: { readonly mode: Settings['HARNESS_MODE']; readonly specHash: string | null },
): boolean {
  if (!isFresh || children.some(child => child.isOpen)) return false;
  if (mode === 'issue-only') return children.length > 0;
  if (prds.length === 0 || prds.some(prd => prd.isOpen)) return false;
  return mode === 'prd' || repo.plan.markerHash === null || isCurrentPlan(repo.plan.markerHash, specHash);
}

/** Whether the marker of a finished plan belongs to the specification as it is now; no specification never does. */
export function isCurrentPlan(markerHash: string | null, specHash: string | null): boolean {
  return specHash !== null && markerHash === specHash;
}
