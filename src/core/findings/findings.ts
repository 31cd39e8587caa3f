import type { Decision, Finding } from '../decision.ts';
import type { UnitView } from '../rules/gate.ts';

/** Everything that keeps work from going on and that only a person can mend. */
export function findingsOf(
  _views: readonly UnitView[],
  _decided: Pick<Decision, 'actions' | 'holds'>,
): readonly Finding[] {
  return [];
}
