import type { Board, UnitBoard } from '../board.ts';
import { isFromElsewhere } from '../markers.ts';
import type { World } from '../world.ts';

/**
 * Whether a unit's work is done. A unit that can't be read now is not: what can't be seen counts as
 * unfinished. Bugs don't count.
 */
export function isComplete(
  unit: UnitBoard,
  { settings: { HARNESS_MODE: mode }, world }: Pick<Board, 'settings' | 'world'>,
): boolean {
  const { isFresh, children, prds, repo } = unit;
  if (!isFresh || children.some(child => child.isOpen)) return false;
  if (mode === 'issue-only') return children.length > 0;
  if (prds.length === 0 || prds.some(prd => prd.isOpen)) return false;
  const { markerHash } = repo.plan;
  if (mode === 'planned' && markerHash === null && ownPrdsOf(unit).length === 0) return false;
  return mode === 'prd' || markerHash === null || isCurrentPlan(markerHash, specHashOf(unit, world));
}

/** Its PRDs but those that another unit has filed here: they say nothing of whether it is planned. */
export const ownPrdsOf = ({ prds }: Pick<UnitBoard, 'prds'>): UnitBoard['prds'] =>
  prds.filter(({ issue }) => !isFromElsewhere(issue.body));

/** The hash of the specification that a unit's plan is compared with: its repository's own, where that was read. */
export const specHashOf = (
  { repo }: Pick<UnitBoard, 'repo'>,
  world: Pick<World, 'specHash'>,
): string | null => (repo.specHash === undefined ? world.specHash : repo.specHash);

/** Whether the marker of a finished plan belongs to the specification as it is now; no specification never does. */
export function isCurrentPlan(markerHash: string | null, specHash: string | null): boolean {
  return specHash !== null && markerHash === specHash;
}
