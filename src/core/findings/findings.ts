import type { Board } from '../board.ts';
import type { Decision, Finding } from '../decision.ts';
import type { UnitView } from '../rules/gate.ts';
import { waitGraphOf } from '../wait-graph.ts';
import { authorFindings } from './authors.ts';
import { cycleFindings, cyclesIn } from './cycles.ts';
import { labelFindings } from './labels.ts';
import { hopelessIn, stalledUnitFindings, stuckPrdFindings } from './progress.ts';
import { referenceFindings } from './references.ts';

/**
 * What keeps work from going on, or will, and that only a person can mend: unit by unit, in a fixed order, so
 * that a finding that stays reads the same in every tick.
 */
export function findingsOf(
  board: Board,
  views: readonly UnitView[],
  decided: Pick<Decision, 'actions' | 'holds'>,
): readonly Finding[] {
  const graph = waitGraphOf(board);
  const cycles = cyclesIn(graph);
  const hopeless = hopelessIn(graph, cycles);
  return views.flatMap(view => {
    const open = view.unit.issues.filter(({ isOpen, kind }) => isOpen && kind !== 'plain');
    return [
      ...cycleFindings(cycles, view.unit.unit.repo),
      ...open.flatMap(issue => referenceFindings(issue, view)),
      ...stuckPrdFindings(view, hopeless),
      ...open.flatMap(issue => labelFindings(issue, board)),
      ...authorFindings(view),
      ...stalledUnitFindings(view, decided),
    ];
  });
}
