import type { HoldCode } from '../decision.ts';
import { attemptGates } from './attempts.ts';
import { blockedGate, prdBlockedGate, prdCancelledGate, untrustedEditGate } from './blocking.ts';
import { capabilityGate, scopeGate } from './fitness.ts';
import type { Gate, Obstacle, Subject, UnitView } from './gate.ts';
import { ciGate, depsGate, pausedGate, staleGate, workflowGate } from './stops.ts';
import { agentBlockedGate, leasedGate, reopenedGate, workingGate } from './working.ts';

/** Every gate of dispatch but the free slot, in the order in which they are looked at. */
export const GATES: readonly Gate[] = [
  untrustedEditGate,
  blockedGate,
  prdBlockedGate,
  prdCancelledGate,
  reopenedGate,
  workingGate,
  leasedGate,
  agentBlockedGate,
  capabilityGate,
  scopeGate,
  ...attemptGates,
  depsGate,
  pausedGate,
  staleGate,
  ciGate,
  workflowGate,
];

/** The first gate that holds an issue, with its reason; null when every gate is open. */
export function firstObstacle(
  subject: Subject,
  view: UnitView,
): (Obstacle & { readonly code: HoldCode }) | null {
  // Counted: an iterator over twenty gates for each of 100,000 issues is much to throw away.
  for (let index = 0; index < GATES.length; index += 1) {
    const gate = GATES[index] as Gate;
    const found = gate.check(subject, view);
    if (found) return { code: gate.code, ...found };
  }
  return null;
}
