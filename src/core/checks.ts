import type { Pull } from './world.ts';

/** What checks say of a commit. `pending`: it will be known later; `unknown`: nothing was reported. */
export type CheckVerdict = Pull['checks'];

/**
 * What a check run says. A conclusion that is not known here waits, as does what only a person or GitHub can go on
 * with: no agent can mend it, and none of it may count as passed.
 */
export function verdictOfRun(status: string, conclusion: string | null): CheckVerdict {
  if (status !== 'completed') return 'pending';
  return CONCLUSIONS.get(conclusion ?? '') ?? 'pending';
}

/** What a commit status, or all of them together, say. */
export const verdictOfState = (state: string): CheckVerdict => STATES.get(state) ?? 'pending';

/** Several verdicts in one: one that fails is enough, one that is pending keeps the others waiting. */
export function joinChecks(verdicts: readonly CheckVerdict[]): CheckVerdict {
  return (['fail', 'pending', 'pass'] as const).find(verdict => verdicts.includes(verdict)) ?? 'unknown';
}

/** https://docs.github.com/en/rest/checks/runs; `startup_failure` is one of check suites and workflow runs. */
const CONCLUSIONS: ReadonlyMap<string, CheckVerdict> = new Map([
  ['success', 'pass'],
  ['neutral', 'pass'],
  ['skipped', 'pass'],
  ['failure', 'fail'],
  ['timed_out', 'fail'],
  ['cancelled', 'fail'],
  ['startup_failure', 'fail'],
  // A person has to allow the workflow, or to act on the site of the check.
  ['action_required', 'pending'],
  // GitHub gave up on a run that did not finish within 14 days.
  ['stale', 'pending'],
]);

/** https://docs.github.com/en/rest/commits/statuses */
const STATES: ReadonlyMap<string, CheckVerdict> = new Map([
  ['success', 'pass'],
  ['failure', 'fail'],
  ['error', 'fail'],
  ['pending', 'pending'],
]);
