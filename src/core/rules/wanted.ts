import type { Board, UnitBoard } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';

import { stuckIssueOf } from './stuck.ts';

/** What would be done on an open issue if no gate held it; null when it is not its turn (or never will be). */
export type Wanted = 'DECOMPOSE' | 'IMPL' | 'REVIEW' | 'JUDGE' | 'REPLAN' | 'CLOSE_PRD' | 'TRIAGE' | 'FIX';

export function wantedOn(issue: BoardIssue, unit: UnitBoard, board: Board): Wanted | null {
  switch (issue.kind) {
    case 'child':
      return 'IMPL';
    case 'bug':
      return issue.labels.includes(board.labels.bugTriaged) ? 'FIX' : 'TRIAGE';
    case 'prd':
      return wantedOnPrd(issue, unit, board);
    case 'plain':
      return null;
    default:
      return issue.kind satisfies never;
  }
}

function wantedOnPrd(prd: BoardIssue, unit: UnitBoard, board: Board): Wanted | null {
  const { settings, labels, work } = board;
  if (settings.HARNESS_MODE === 'issue-only') return null;
  const issues = unit.issuesOf(prd.issue.number);
  if (issues.length === 0) return 'DECOMPOSE';
  if (issues.some(({ isOpen }) => isOpen)) return stuckIssueOf(prd, unit, board) ? 'REPLAN' : null;
  if (prd.labels.includes(labels.reviewed)) return 'CLOSE_PRD';
  return work.on(prd.repo, prd.issue.number).record?.contest ? 'JUDGE' : 'REVIEW';
}

/** A reviewed PRD that has an open issue again: the label goes, so that it is reviewed once more. */
export function isReviewOutdated(prd: BoardIssue, unit: UnitBoard, board: Board): boolean {
  if (board.settings.HARNESS_MODE === 'issue-only' || !prd.labels.includes(board.labels.reviewed))
    return false;
  return unit.issuesOf(prd.issue.number).some(({ isOpen }) => isOpen);
}
