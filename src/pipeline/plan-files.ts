import { type PlanLine, planLine, planLineIn } from '../core/plan-line.ts';

/** The plan of a unit, on its base branch. */
export const PLAN_FILE = 'PLAN.md';

/** Says which specification the last finished plan was for. */
export const MARKER_FILE = 'docs/harness/plan-complete.json';

/** Where finished plans are kept. */
const ARCHIVE_DIR = 'docs/harness/archive';

/** A change to files of the base branch: what each of them becomes, null where it goes. */
export type FileChange = Readonly<Record<string, string | null>>;

/** A new plan, with the line that tells it from all others. */
export const newPlan = (line: PlanLine, text: string): FileChange => ({
  [PLAN_FILE]: `${planLine(line)}\n\n${text.trim()}\n`,
});

/** Puts a finished plan away and says which specification it was for, so that a changed one is planned anew. */
export function archivedPlan({
  text,
  specHash,
  prds,
  at,
}: {
  readonly text: string;
  /** SHA-256 of the specification as it is; counts where the plan does not say what it was made for. */
  readonly specHash: string | null;
  readonly prds: readonly number[];
  /** ISO 8601. */
  readonly at: string;
}): FileChange {
  const plan = planLineIn(text);
  const marker = { spec_hash: plan.specHash ?? specHash, plan: plan.id, prds, completed_at: at };
  return {
    [PLAN_FILE]: null,
    [`${ARCHIVE_DIR}/${at.slice(0, 10)}-${plan.id}.md`]: text,
    [MARKER_FILE]: `${JSON.stringify(marker, null, 2)}\n`,
  };
}
