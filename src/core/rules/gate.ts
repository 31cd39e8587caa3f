import type { Board, UnitBoard } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import type { HoldCode } from '../decision.ts';
import type { Scopes } from './scopes.ts';
import type { Wanted } from './wanted.ts';

/** One question that is asked before anything is done on an issue. Gates only look; they change nothing. */
export interface Gate {
  readonly code: HoldCode;
  /** What is asked, for people; "yes" lets the issue through. */
  readonly question: string;
  /** What stands in the way; null when nothing does. */
  readonly check: (subject: Subject, view: UnitView) => Obstacle | null;
}

/** An open issue and what would be done on it. */
export interface Subject {
  readonly issue: BoardIssue;
  readonly wanted: Wanted | null;
}

/** A unit as the gates look at it. */
export interface UnitView {
  readonly board: Board;
  readonly unit: UnitBoard;
  /** Ids of the units that this one waits for. */
  readonly incompleteDeps: readonly string[];
  /** Paths that children in flight have declared. */
  readonly scopesInFlight: Pick<Scopes, 'overlapping'>;
}

export interface Obstacle {
  /** Unsatisfied references as `owner/repo#n`, in order. */
  readonly blockers: readonly string[];
  readonly reason: string;
  /** What would lift it. */
  readonly until: string;
}

/** An obstacle that is not a reference. */
export const obstacle = (reason: string, until: string): Obstacle => ({ blockers: [], reason, until });
