import { HarnessError } from '../errors.ts';
import type { Board } from './board.ts';
import { isComplete } from './rules/completeness.ts';
import type { UnitView } from './rules/gate.ts';
import { scopesInFlight } from './rules/scopes-in-flight.ts';
import { incompleteDepsOf } from './rules/stops.ts';

/** Ids of the units whose work is done. */
export function completeUnits(board: Board): ReadonlySet<string> {
  return new Set(board.units.filter(unit => isComplete(unit, board)).map(({ unit }) => unit.id));
}

/** The units that are decided for: all, or the one that the world names. Throws `world-invalid` when it is none. */
export function viewsOf(board: Board, complete: ReadonlySet<string>): readonly UnitView[] {
  const { unit: only, host } = board.world;
  const units = board.units.filter(({ unit }) => only === null || unit.id === only);
  if (only !== null && units.length === 0) {
    const ids = board.units.map(({ unit }) => unit.id).join(', ');
    throw new HarnessError(
      'world-invalid',
      `unit: there is no unit ${JSON.stringify(only)}; the units are ${ids}.`,
    );
  }
  return units.map(unit => ({
    board,
    unit,
    incompleteDeps: incompleteDepsOf(unit, { completeUnits: complete, claims: host.claims }),
    scopesInFlight: scopesInFlight(unit, board),
  }));
}
