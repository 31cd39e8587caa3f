import type { BoardIssue } from '../board-issue.ts';
import type { Action, Hold, HoldCode } from '../decision.ts';
import type { Obstacle } from './gate.ts';

/** What a tick does in a unit, and why it does nothing with the rest of its PRDs and children. */
export interface Dispatch {
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
}

/** The hold of an issue by what stands in its way. */
export function holdOf(
  { repo, issue }: BoardIssue,
  { code, blockers, reason, until }: Obstacle & { readonly code: HoldCode },
): Hold {
  return { repo, issue: issue.number, code, blockers, reason, until };
}

/** The unit's own hold first, then by number. */
export function byIssue(a: Hold, b: Hold): number {
  return (a.issue ?? 0) - (b.issue ?? 0);
}
