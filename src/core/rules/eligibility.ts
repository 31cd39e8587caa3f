import type { Board } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import { strangerWhoEdited } from './trust.ts';

/**
 * Whether a PRD may contribute work: its blockers are satisfied (those of a closed one no longer matter), and
 * nobody untrusted edited its body last.
 */
export function isEligible(prd: BoardIssue, board: Pick<Board, 'trust'>): boolean {
  return prd.blockers.length === 0 && strangerWhoEdited(prd.issue, board.trust) === null;
}

/** Closed as not planned or as a duplicate: its children are not to be built. */
export function isCancelled({ isOpen, issue }: BoardIssue): boolean {
  return !isOpen && (issue.stateReason === 'not_planned' || issue.stateReason === 'duplicate');
}
