import type { Board } from '../board.ts';
import type { Decision, Finding } from '../decision.ts';
import type { UnitView } from '../rules/gate.ts';
import { waitGraphOf } from '../wait-graph.ts';
import { authorFindings } from './authors.ts';
import { type Cycle, cycleFindings, cyclesIn } from './cycles.ts';
import { isInOrder } from './in-order.ts';
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
  const { cycles, hopeless } = lostIn(board);
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

interface Lost {
  readonly cycles: readonly Cycle[];
  /** Names of the issues that can't be finished. */
  readonly hopeless: ReadonlySet<string>;
}

function lostIn(board: Board): Lost {
  if (board.units.every(isInOrder)) return NOTHING_LOST;
  const graph = waitGraphOf(board);
  const cycles = cyclesIn(graph);
  return { cycles, hopeless: hopelessIn(graph, cycles) };
}

const NOTHING_LOST: Lost = { cycles: [], hopeless: new Set() };

function byRepo<T extends { readonly repo: string }>(facts: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const fact of facts) {
    const group = groups.get(fact.repo);
    if (group) group.push(fact);
    else groups.set(fact.repo, [fact]);
  }
  return groups;
}
