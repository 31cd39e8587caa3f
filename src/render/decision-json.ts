import type { Decision } from '../core/decision.ts';

/** A decision as JSON for programs; what concerns a whole unit has no `issue`. */
export function decisionJson(decision: Decision): string {
  const { actions, holds, units, findings } = decision;
  const facts = { actions: actions.map(withoutNull), holds: holds.map(withoutNull), units, findings };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function withoutNull<T extends { readonly issue: number | null }>(fact: T): Omit<T, 'issue'> | T {
  if (fact.issue !== null) return fact;
  const { issue: _none, ...rest } = fact;
  return rest;
}
