/** What the first line of PLAN.md says of the plan. */
export interface PlanLine {
  /** Names the plan among all that the repository ever had: PRDs carry it. */
  readonly id: string;
  /** SHA-256 of the specification that it was made for; null when a person wrote the plan. */
  readonly specHash: string | null;
}

/** The first line of a plan that the engine lands. */
export const planLine = ({ id, specHash }: PlanLine): string =>
  `<!-- harness:plan ${id} spec=${specHash ?? 'none'} -->`;

/** Which plan a text is; one without the line is a person's own. */
export function planLineIn(text: string): PlanLine {
  const found = PLAN_LINE.exec(text);
  if (!found) return { id: 'own', specHash: null };
  const [, id = 'own', specHash = 'none'] = found;
  return { id, specHash: specHash === 'none' ? null : specHash };
}

const PLAN_LINE = /^<!-- harness:plan ([a-z0-9-]{1,40}) spec=([0-9a-f]{64}|none) -->/;

/** The scope of the keys of a plan's PRDs. */
export const planScope = (id: string | null) => `plan-${id ?? 'none'}`;
