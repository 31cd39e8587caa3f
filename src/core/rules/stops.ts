import type { Board, UnitBoard } from '../board.ts';
import { type Gate, type Obstacle, obstacle, type UnitView } from './gate.ts';

export const depsGate: Gate = {
  code: 'deps',
  question: 'Are the units that this one depends on complete?',
  check: ({ issue }, view) => (issue.kind === 'bug' ? null : waitsForUnits(view)),
};

export const pausedGate: Gate = {
  code: 'paused',
  question: 'Is the fleet running?',
  check: (_subject, { board }) => whilePaused(board),
};

export const staleGate: Gate = {
  code: 'stale',
  question: 'Is what is known of the repository fresh?',
  check: (_subject, { unit }) =>
    unit.isFresh
      ? null
      : obstacle(`the repository's read is ${unit.repo.read}`, 'the repository can be read again'),
};

export const ciGate: Gate = {
  code: 'ci-red',
  question: 'Is the default branch not red?',
  check: ({ issue, wanted }, view) =>
    issue.kind === 'bug' || wanted === 'CLOSE_PRD' ? null : whileRed(view),
};

export const workflowGate: Gate = {
  code: 'workflow',
  question: 'Can the WORKFLOW.md of the repository be used?',
  check: ({ wanted }, view) => (wanted === 'CLOSE_PRD' ? null : whileWorkflowInvalid(view)),
};

export function waitsForUnits({ incompleteDeps }: Pick<UnitView, 'incompleteDeps'>): Obstacle | null {
  if (incompleteDeps.length === 0) return null;
  const units = incompleteDeps.join(', ');
  return obstacle(
    `the unit waits for ${units}`,
    `${units} ${incompleteDeps.length === 1 ? 'is' : 'are'} complete`,
  );
}

export function whilePaused({ world }: Board): Obstacle | null {
  return world.host.paused ? obstacle('the fleet is paused', '`harness resume`') : null;
}

export function whileRed({ unit, board }: Pick<UnitView, 'unit' | 'board'>): Obstacle | null {
  if (!board.settings.HARNESS_CI_GATE || unit.repo.ci !== 'fail') return null;
  return obstacle('the default branch is red', 'its checks pass again; the bug lane goes on');
}

/** An agent must not start without what the project says to it, nor with what it said once. */
export function whileWorkflowInvalid({ unit }: Pick<UnitView, 'unit'>): Obstacle | null {
  const { workflow } = unit.repo;
  return workflow === null ? null : obstacle(workflow, 'the file is mended on the default branch');
}

/** The units that a unit still waits for; none when one of this fleet's workers holds it, for that one asks. */
export function incompleteDepsOf(
  { unit }: UnitBoard,
  {
    completeUnits,
    claims,
  }: { readonly completeUnits: ReadonlySet<string>; readonly claims: readonly string[] },
): readonly string[] {
  return claims.includes(unit.id) ? [] : unit.deps.filter(dep => !completeUnits.has(dep));
}
