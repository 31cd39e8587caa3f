import type { Board } from '../board.ts';
import type { Action, Hold } from '../decision.ts';
import { isProbed, profileOf, whileProbed } from './agents.ts';
import { scopeTaken } from './fitness.ts';
import { obstacle, type Subject, type UnitView } from './gate.ts';
import { type Dispatch, holdOf } from './holds.ts';
import { emptyScopes } from './scopes.ts';

/** Gives the free slots to DECOMPOSE, then IMPL, then REVIEW. CLOSE_PRD needs none. */
export function fillSlots(ready: readonly Subject[], view: UnitView, slots: number): Dispatch {
  const { board, unit } = view;
  const holds: Hold[] = [];
  const started = emptyScopes();
  const probed = new Set<string>();
  // Said once for all: thousands of issues may wait for a slot.
  const busy = { code: 'no-slot', ...allBusy(board) } as const;
  let free = slots;
  const take = (subject: Subject): readonly Action[] => {
    const { issue, wanted } = subject;
    if (wanted === null) return [];
    const scope = wanted === 'IMPL' ? issue.scope : [];
    const other = started.overlapping(scope);
    if (other !== null) {
      holds.push(holdOf(issue, { code: 'scope-busy', ...scopeTaken(other) }));
      return [];
    }
    if (wanted !== 'CLOSE_PRD') {
      if (free === 0) {
        holds.push(holdOf(issue, busy));
        return [];
      }
      const profile = profileOf({ stage: wanted, labels: issue.issue.labels }, board);
      if (probed.has(profile)) {
        holds.push(holdOf(issue, { code: 'breaker', ...whileProbed(profile) }));
        return [];
      }
      if (isProbed(profile, board)) probed.add(profile);
      free -= 1;
    }
    started.add(scope, issue.name);
    return [
      { kind: wanted, repo: unit.unit.repo, issue: issue.issue.number, reason: reasonFor(subject, view) },
    ];
  };
  const wants = (kind: Subject['wanted']) => ready.filter(({ wanted }) => wanted === kind);
  const children = wants('IMPL').sort(byTurn);
  const finished = ready.filter(
    ({ wanted }) => wanted === 'REVIEW' || wanted === 'JUDGE' || wanted === 'CLOSE_PRD',
  );
  const actions = [...wants('DECOMPOSE'), ...wants('REPLAN'), ...children, ...finished].flatMap(take);
  return { actions, holds };
}

/**
 * The order in which children are started: priority, then those without a PRD, then PRD by PRD, then by
 * number. It depends on nothing but the issues, so all hosts agree.
 */
function byTurn({ issue: a }: Subject, { issue: b }: Subject): number {
  return a.priority - b.priority || (a.parent ?? 0) - (b.parent ?? 0) || a.issue.number - b.issue.number;
}

const allBusy = ({ settings }: Board) =>
  obstacle(`all slots of the unit are taken (HARNESS_CAP ${settings.HARNESS_CAP})`, 'a session ends');

function reasonFor({ issue, wanted }: Subject, { unit, board }: UnitView): string {
  const count = unit.issuesOf(issue.issue.number).length;
  switch (wanted) {
    case 'DECOMPOSE':
      return 'the PRD has no issues yet, and nothing blocks it';
    case 'REVIEW':
      return `all ${count} issues of the PRD are closed`;
    case 'REPLAN':
      return 'one of its issues failed in the same way again and again';
    case 'JUDGE':
      return 'its review compared the result with a reference, and nobody has judged that yet';
    case 'CLOSE_PRD':
      return `all ${count} issues of the PRD are closed, and it is reviewed`;
    default: {
      const resumed = issue.labels.includes(board.labels.paused) ? 'resumes' : 'ready';
      const blockers =
        issue.references.length === 0
          ? 'nothing blocks it'
          : `all ${issue.references.length} blockers are done`;
      const prd = issue.parent === null ? '' : `, for PRD #${issue.parent}`;
      return `${resumed}: ${blockers}${prd}, priority ${issue.priority}`;
    }
  }
}
