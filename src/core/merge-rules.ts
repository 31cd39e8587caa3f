import type { Settings } from './settings.ts';

/** What a branch, and its repository, ask of what is merged into it. */
export interface MergeRules {
  /** Every commit has to be signed. */
  readonly signatures: boolean;
  /** There may be no merge commits. */
  readonly linear: boolean;
  /** Pull requests are merged by a queue alone. */
  readonly queue: boolean;
  /** Nothing reaches it but by a pull request. */
  readonly pulls: boolean;
  /** The methods that are allowed; null: not known. */
  readonly methods: readonly string[] | null;
}

/** Why what a fleet makes could not be merged, and what to do about it. */
export interface MergeObstacle {
  readonly says: string;
  readonly fix: string;
}

/** What stands between HARNESS_MERGE and the rules of the branch, before an agent works for nothing. */
export function mergeObstacles(
  { signatures, linear, queue, pulls, methods }: MergeRules,
  method: Settings['HARNESS_MERGE'],
): readonly MergeObstacle[] {
  // The queue merges in its own way, and GitHub signs what it makes.
  if (queue) return [];
  const setting = `HARNESS_MERGE=${method}`;
  const found: readonly (MergeObstacle | false)[] = [
    signatures &&
      method !== 'squash' && {
        says: `the branch takes signed commits only, and ${setting} lands commits that nobody signs`,
        fix: 'Set HARNESS_MERGE=squash, whose commits GitHub signs.',
      },
    linear &&
      method === 'merge' && {
        says: `the branch takes no merge commits, and ${setting} makes them`,
        fix: 'Set HARNESS_MERGE to squash or rebase.',
      },
    pulls &&
      method === 'ff' && {
        says: `the branch is changed by pull requests only, and ${setting} pushes to it`,
        fix: "Let the fleet's login bypass the rule, or set HARNESS_MERGE to another method.",
      },
    method !== 'ff' &&
      methods !== null &&
      !methods.includes(method) && {
        says: `the repository does not allow ${setting}`,
        fix: `Set HARNESS_MERGE to what it allows: ${methods.join(', ')}.`,
      },
  ];
  return found.flatMap(obstacle => obstacle || []);
}
