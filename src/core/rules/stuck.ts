import type { Board, UnitBoard } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import { isProposed } from '../markers.ts';

/**
 * The issue of a PRD that is to be planned anew: its breaker is open, an agent proposed it, nobody works on it, and it
 * was not planned anew before. null when there is none; of several the first.
 */
export function stuckIssueOf(prd: BoardIssue, unit: UnitBoard, board: Board): BoardIssue | null {
  const done = board.work.on(prd.repo, prd.issue.number).record?.replanned ?? [];
  return (
    unit
      .issuesOf(prd.issue.number)
      .find(issue => isStuck(issue, board) && mayBeReplanned(issue) && !done.includes(issue.issue.number)) ??
    null
  );
}

/** Whether an issue's breaker is open, and nobody works on it. */
export function isStuck({ repo, issue, isOpen }: BoardIssue, { work }: Board): boolean {
  const { session, lease, record } = work.on(repo, issue.number);
  return isOpen && session === null && lease === null && record?.breaker === 'open';
}

/** Only what an agent has proposed is proposed anew; a person's own words stay as they are. */
export const mayBeReplanned = ({ issue }: BoardIssue): boolean => isProposed(issue.body);
