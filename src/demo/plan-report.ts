import { createHash } from 'node:crypto';
import { readEntries } from './read-journal.ts';
import type { Stage } from './stage.ts';

/** What became of the specification, read back from git. */
export interface PlanReport {
  /** Path of the specification. */
  readonly spec: string;
  /** What was done for the repository as a whole, in its order; files land by a pull request of their own. */
  readonly steps: readonly {
    readonly kind: string;
    readonly pull: number | null;
    readonly commit: string | null;
  }[];
  /** Where the finished plan is kept on the default branch; null while it is not finished. */
  readonly archived: string | null;
  /** The plan is put away, and marked as that of this very specification. */
  readonly isComplete: boolean;
}

/** On the default branch when a plan is finished, with the hash of what it was for. */
export const PLAN_MARKER = 'docs/harness/plan-complete.json';

/** Reads from a clone of the repository what became of the specification. */
export async function readPlan(stage: Stage, clone: string, spec: string): Promise<PlanReport> {
  const { git } = stage;
  const show = (path: string) => git('-C', clone, 'show', `HEAD:${path}`).catch(() => null);
  const entries = await readEntries(stage, clone, 'refs/harness/stages/main');
  const kept = await git('-C', clone, 'ls-tree', '--name-only', 'HEAD', 'docs/harness/archive/');
  const [specText, marker] = await Promise.all([show(spec), show(PLAN_MARKER)]);
  const finished = marker === null ? null : (JSON.parse(marker) as { spec_hash: string });
  const archived = kept.split('\n')[0] || null;
  return {
    spec,
    steps: entries
      .filter(({ op }) => op === 'receipt')
      .map(({ kind, landed }) => ({ kind, pull: landed?.pull ?? null, commit: landed?.commit ?? null })),
    archived,
    isComplete: archived !== null && specText !== null && finished?.spec_hash === sha256(specText),
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
