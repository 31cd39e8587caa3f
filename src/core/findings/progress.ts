import type { BoardIssue } from '../board-issue.ts';
import type { Decision, Finding, HoldCode } from '../decision.ts';
import { reachable, reversed } from '../edges.ts';
import type { UnitView } from '../rules/gate.ts';
import { endOf, startOf, type WaitGraph } from '../wait-graph.ts';
import type { ReferenceState } from '../world.ts';
import type { Cycle } from './cycles.ts';

/** Names of open issues that can't be finished as the board stands: what they wait for never comes. */
export function hopelessIn(graph: WaitGraph, cycles: readonly Cycle[]): ReadonlySet<string> {
  const inCycle = new Set(cycles.flat());
  const lost: number[] = [];
  graph.nodes.forEach(({ name, blockers, known }, index) => {
    if (inCycle.has(name)) lost.push(endOf(index, graph));
    else if (blockers.some(blocker => NEVER.has(blocker.state) || blocker.name === name)) {
      lost.push(known?.kind === 'prd' ? startOf(index) : endOf(index, graph));
    }
  });
  if (lost.length === 0) return new Set();
  const steps = reachable(reversed(graph.edges), lost);
  return new Set(
    graph.nodes.filter((_node, index) => steps.has(endOf(index, graph))).map(({ name }) => name),
  );
}

const NEVER: ReadonlySet<ReferenceState> = new Set(['missing', 'not_planned', 'duplicate']);

/** PRDs that can never be closed, because an issue of theirs can never be finished. */
export function stuckPrdFindings(
  { unit, board }: UnitView,
  hopeless: ReadonlySet<string>,
): readonly Finding[] {
  if (board.settings.HARNESS_MODE === 'issue-only') return [];
  return unit.prds.flatMap(prd => {
    const open = prd.isOpen ? unit.issuesOf(prd.issue.number).filter(({ isOpen }) => isOpen) : [];
    const stuck = open.filter(({ name }) => hopeless.has(name));
    if (stuck.length > 0) return [stuckPrd(prd, stuck, 'can never be finished as the board stands')];
    const areParked = open.length > 0 && open.every(({ kind }) => kind === 'plain');
    return areParked
      ? [stuckPrd(prd, open, `are parked: they lack the label ${board.settings.HARNESS_LABEL_READY}`)]
      : [];
  });
}

function stuckPrd(prd: BoardIssue, issues: readonly BoardIssue[], why: string): Finding {
  const numbers = issues.map(({ issue }) => issue.number);
  const shown = numbers.slice(0, SHOWN).map(number => `#${number}`);
  const more = numbers.length > SHOWN ? ` and ${numbers.length - SHOWN} more` : '';
  return {
    code: 'stuck-prd',
    repo: prd.repo,
    issues: [prd.issue.number, ...numbers],
    message: `${prd.name} waits for ${shown.join(', ')}${more}, which ${why}`,
    fix: 'Mend what they wait for, label them ready, or close them.',
  };
}

const SHOWN = 5;

/** A unit with open work of which nothing can start and nothing is in flight; what is decided is the unit's own. */
export function stalledUnitFindings(
  { unit, board }: UnitView,
  { actions, holds }: Pick<Decision, 'actions' | 'holds'>,
): readonly Finding[] {
  const { repo, id } = unit.unit;
  const isIdle =
    board.world.lane === 'pool' &&
    board.work.sessionsIn(repo).length === 0 &&
    !board.work.leasesIn(repo).some(({ live }) => live) &&
    actions.length === 0;
  if (!isIdle) return [];
  const held = holds.filter(({ code }) => code !== 'waiting-for-children');
  if (held.length === 0 || !holds.every(({ code }) => LASTS.has(code))) return [];
  const counts = new Map<HoldCode, number>();
  for (const { code } of held) counts.set(code, (counts.get(code) ?? 0) + 1);
  const reasons = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [
    {
      code: 'stalled-unit',
      repo,
      issues: held.flatMap(({ issue }) => issue ?? []),
      message: `unit ${id}: nothing can start and nothing is in flight (${reasons.map(([code, count]) => `${count} ${code}`).join(', ')})`,
      fix: 'Run `harness next`: it names the decisions that free most work.',
    },
  ];
}

/** Holds that only somebody outside the fleet lifts. */
const LASTS: ReadonlySet<HoldCode> = new Set([
  'untrusted-edit',
  'blocked',
  'prd-blocked',
  'prd-cancelled',
  'reopened',
  'agent-blocked',
  'needs-capability',
  'attempts',
  'budget',
  'breaker',
  'no-spec',
  'waiting-for-children',
]);
