import type { Board, UnitBoard } from '../board.ts';
import { isStuck, mayBeReplanned } from '../rules/stuck.ts';
import { type Measure, sliceProblems } from './check-children.ts';
import { orderProblems, type Surroundings } from './graph.ts';
import type { ProposedChild, ReplanProposal } from './proposal.ts';

/** The PRD whose issue is planned anew, and what is around both. */
export interface Replanned {
  readonly board: Board;
  readonly unit: UnitBoard;
  readonly measure: Measure;
  /** The same for the issue: what waits for it can't be waited for. */
  readonly around: Surroundings;
}

/** Everything that is wrong with a REPLAN proposal. */
export function replanProblems(
  replan: ReplanProposal,
  { board, unit, measure, around }: Replanned,
): readonly string[] {
  const { number, parts, rewrite } = replan;
  const issue = unit.find(number);
  if (!issue?.isOpen || issue.parent !== measure.around.parent)
    return [`#${number} is no open issue of the PRD`];
  if (!mayBeReplanned(issue)) return [`#${number} is in a person's own words: only they change it`];
  if (!isStuck(issue, board))
    return [`#${number} is not stuck: its breaker is closed, or it is being worked on`];
  const slices = [...parts, rewrite];
  return [...sliceProblems(slices, measure), ...orderProblems(slices, around)];
}

/** The rewritten issue, which comes after all that was split off from it. */
export const rewrittenAfter = ({ parts, rewrite }: ReplanProposal): ProposedChild => ({
  ...rewrite,
  blockedBy: [...new Set([...rewrite.blockedBy, ...parts.map(({ key }) => key)])],
});
