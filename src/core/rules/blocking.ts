import type { UnitBoard } from '../board.ts';
import type { BoardIssue } from '../board-issue.ts';
import type { Found } from '../lookup.ts';
import type { ReferenceState } from '../world.ts';
import { isCancelled, isEligible } from './eligibility.ts';
import { type Gate, type Obstacle, obstacle } from './gate.ts';
import { strangerWhoEdited } from './trust.ts';

export const untrustedEditGate: Gate = {
  code: 'untrusted-edit',
  question: 'Does its text come from somebody trusted?',
  check: ({ issue }, { board }) => {
    const stranger = strangerWhoEdited(issue.issue, board.trust);
    if (stranger !== null) {
      return obstacle(
        `${stranger}, who is not trusted, edited the body last`,
        'somebody trusted edits the body',
      );
    }
    // Issue templates let anybody apply the bug label, so `*` alone does not vouch for a bug.
    const isVouchedFor = board.trust.names(issue.issue.author) || issue.labels.includes(board.labels.ready);
    if (issue.kind !== 'bug' || isVouchedFor) return null;
    const label = board.settings.HARNESS_LABEL_READY;
    return obstacle(
      `its author ${issue.issue.author} is trusted only by *`,
      `somebody adds the label ${label}`,
    );
  },
};

export const blockedGate: Gate = {
  code: 'blocked',
  question: 'Are all its blockers done?',
  check: ({ issue }) => waitsFor(issue.blockers, { subject: '', own: issue.name }),
};

export const prdBlockedGate: Gate = {
  code: 'prd-blocked',
  question: 'May its PRD contribute work?',
  check: ({ issue }, { unit, board }) => {
    const prd = prdOf(issue, unit);
    if (prd === null || isEligible(prd, board)) return null;
    const subject = `its PRD ${prd.name} `;
    const waits = waitsFor(prd.blockers, { subject, own: prd.name });
    if (waits) return waits;
    return obstacle(
      `${subject}was edited last by ${prd.issue.lastEditor}, who is not trusted`,
      'somebody trusted edits that body',
    );
  },
};

export const prdCancelledGate: Gate = {
  code: 'prd-cancelled',
  question: 'Is its PRD still wanted?',
  check: ({ issue }, { unit }) => {
    const prd = prdOf(issue, unit);
    if (prd === null || !isCancelled(prd)) return null;
    const how = prd.issue.stateReason === 'duplicate' ? 'as a duplicate' : 'as not planned';
    return obstacle(
      `its PRD ${prd.name} was closed ${how}`,
      'the PRD is reopened, or the issue gets another parent',
    );
  },
};

// A bug may name a PRD as its parent, but nothing of the PRD holds it.
const prdOf = ({ kind, parent }: BoardIssue, unit: UnitBoard) =>
  kind === 'child' && parent !== null ? unit.find(parent) : null;

function waitsFor(
  blockers: readonly Found[],
  { subject, own }: { readonly subject: string; readonly own: string },
): Obstacle | null {
  const first = blockers[0];
  if (!first) return null;
  const describe = (blocker: Found) => `${blocker.name} (${stateOf(blocker, own)})`;
  // Most issues wait for one, and there may be a hundred thousand of them.
  const only = blockers.length === 1;
  return {
    blockers: only ? [first.name] : blockers.map(({ name }) => name),
    reason: `${subject}waits for ${only ? describe(first) : blockers.map(describe).join(', ')}`,
    until: only ? remedyOf(first, own) : `all ${blockers.length} are closed as completed, or no longer named`,
  };
}

function stateOf(blocker: Found, own: string): string {
  if (blocker.name === own) return 'itself';
  if (blocker.state === 'unknown' && blocker.isGuess) return 'unknown: no such repository is known';
  return STATES[blocker.state];
}

function remedyOf(blocker: Found, own: string): string {
  const drop = `${own} no longer names it`;
  if (blocker.name === own) return drop;
  switch (blocker.state) {
    case 'open':
      return `${blocker.name} closes`;
    case 'unknown':
      return `${blocker.name} can be read and is closed, or ${drop}`;
    case 'missing':
      return drop;
    case 'not_planned':
    case 'duplicate':
      return `${blocker.name} is completed after all, or ${drop}`;
    case 'closed':
    case 'merged':
      return 'the next tick';
    default:
      return blocker.state satisfies never;
  }
}

/** A reference's state in words. */
export const STATES: Readonly<Record<ReferenceState, string>> = {
  open: 'open',
  closed: 'closed',
  not_planned: 'closed as not planned',
  duplicate: 'closed as a duplicate',
  merged: 'merged',
  missing: 'does not exist',
  unknown: 'unknown',
};
