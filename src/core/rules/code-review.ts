import type { Action } from '../decision.ts';
import { isOurs } from '../work.ts';
import { agentObstacle, isProbed, profileOf } from './agents.ts';
import type { UnitView } from './gate.ts';
import { freeSlots } from './slots.ts';
import { whilePaused } from './stops.ts';

/**
 * Gives free slots to reviews of changes, before anything new is begun: what is nearly done comes first. Each is a
 * session of its own beside the one that made the change, which uses no slot any more.
 */
export function dueReviews(view: UnitView): readonly Action[] {
  const { unit, board } = view;
  const { repo } = unit.unit;
  if (board.world.lane !== 'pool' || !unit.isFresh || whilePaused(board)) return [];
  const wish = { stage: 'REVIEW', labels: [] } as const;
  if (agentObstacle(wish, board)) return [];
  const most = isProbed(profileOf(wish, board), board) ? 1 : freeSlots(view);
  const atWork = new Set(
    board.work.sessionsIn(repo).flatMap(({ ofChange, issue }) => (ofChange ? [issue] : [])),
  );
  return board.work
    .leasesIn(repo)
    .filter(lease => isOurs(lease) && lease.review === true && !atWork.has(lease.issue))
    .slice(0, Math.min(most, freeSlots(view)))
    .map(({ issue }) => ({
      kind: 'CODE_REVIEW',
      repo,
      issue,
      reason: 'its change is ready but for the review of an agent',
    }));
}
