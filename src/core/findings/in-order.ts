import type { UnitBoard } from '../board.ts';
import type { Found } from '../lookup.ts';

/**
 * Whether a unit's PRDs wait for nothing, and everything else only for earlier issues of the unit: then nothing waits
 * in a circle, and nothing waits for what never comes. Most boards are so, and it spares the graph of their issues.
 */
export function isInOrder({ issues, find }: UnitBoard): boolean {
  return issues.every(({ isOpen, kind, parent, issue, blockers }) => {
    if (!isOpen) return true;
    if (kind === 'prd') return blockers.length === 0 && parent === null;
    return blockers.length === 0 || blockers.every(blocker => isEarlier(blocker, issue.number));
  });

  function isEarlier({ state, issue }: Found, number: number): boolean {
    if (issue === null) return state === 'unknown';
    if (state !== 'open' || issue.number >= number) return false;
    const known = find(issue.number);
    // A PRD ends after all of its issues, later ones among them.
    return known?.issue === issue && known.kind !== 'prd';
  }
}
