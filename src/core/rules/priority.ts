import type { BoardIssue } from '../board-issue.ts';

/**
 * The order in which children are started: priority, then those without a PRD, then PRD by PRD, then by
 * number. It depends on nothing but the issues, so all hosts agree.
 */
export function byTurn(a: BoardIssue, b: BoardIssue): number {
  return (
    priorityOf(a.labels) - priorityOf(b.labels) ||
    (a.parent ?? NO_PRD) - (b.parent ?? NO_PRD) ||
    a.issue.number - b.issue.number
  );
}

const NO_PRD = 0;
const USUAL = 3;

/** From 0, the most urgent, to 4: the lowest of the labels `priority:0` … `priority:4`, 3 without one. */
export function priorityOf(labels: readonly string[]): number {
  const lowest = PRIORITIES.findIndex(label => labels.includes(label));
  return lowest === -1 ? USUAL : lowest;
}

export const PRIORITIES: readonly string[] = [0, 1, 2, 3, 4].map(priority => `priority:${priority}`);
