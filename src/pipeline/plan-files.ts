/** The plan of a unit, on its base branch. */
export const PLAN_FILE = 'PLAN.md';
