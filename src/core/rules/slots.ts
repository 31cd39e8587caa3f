import type { UnitView } from './gate.ts';

/** A session of the bug lane, which has one slot of its own over the whole fleet. */
export const isOfBugLane = ({ kind }: { readonly kind: string }) => kind === 'TRIAGE' || kind === 'FIX';

/** How many agent sessions may start in a unit now: one that has its outcome uses no slot any more. */
export function freeSlots({ unit, board }: Pick<UnitView, 'unit' | 'board'>): number {
  const busy = board.work
    .sessionsIn(unit.unit.repo)
    .filter(session => session.outcome === null && !isOfBugLane(session));
  return Math.max(0, board.settings.HARNESS_CAP - busy.length);
}
