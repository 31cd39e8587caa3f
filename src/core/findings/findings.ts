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
  const actions = byRepo(decided.actions);
  const holds = byRepo(decided.holds);
  return views.flatMap(view => {
    const { repo } = view.unit.unit;
    const open = view.unit.issues.filter(({ isOpen, kind }) => isOpen && kind !== 'plain');
    return [
      ...cycleFindings(cycles, repo),
      ...open.flatMap(issue => referenceFindings(issue, view)),
      ...stuckPrdFindings(view, hopeless),
      ...open.flatMap(issue => labelFindings(issue, board)),
      ...authorFindings(view),
      ...stalledUnitFindings(view, { actions: actions.get(repo) ?? [], holds: holds.get(repo) ?? [] }),
    ];
  });
}

function byRepo<T extends { readonly repo: string }>(facts: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const fact of facts) {
    const group = groups.get(fact.repo);
    if (group) group.push(fact);
    else groups.set(fact.repo, [fact]);
  }
  return groups;
}
