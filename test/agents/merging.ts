import { afterAll, expect } from 'vitest';
import type { Fleet, Town } from '../acceptance/fleet.ts';
import type { Pinned } from './programs.ts';

/** Prints at the end which programs were driven, in which version, and how many issues they brought to a merge. */
export function reportPrograms(pinned: readonly Pinned[]): {
  /** Each issue was closed by one merged pull request that brought its file. */
  readonly expectMerged: (town: Town, name: string, issues: readonly number[]) => Promise<void>;
} {
  const merged = new Map<string, number>();
  afterAll(() => {
    for (const { name, version, program, why } of pinned) {
      const said = program === null ? `skipped: ${why}` : `${merged.get(name) ?? 0} issues merged`;
      console.log(`${name} ${version}: ${said}`);
    }
  });
  return {
    expectMerged: async (town, name, issues) => {
      const pulls = await town.api<{ merged_at: string | null; head: { ref: string } }[]>('pulls?state=all');
      for (const issue of issues) {
        const own = pulls.filter(pull => pull.merged_at && pull.head.ref.startsWith(`issue/${issue}`));
        expect(own).toHaveLength(1);
        expect(town.git('show', `main:work/${issue}.txt`)).toBe('right\n');
      }
      merged.set(name, (merged.get(name) ?? 0) + issues.length);
    },
  };
}

/** Stops a fleet, after which nothing of it is left. */
export async function endWell(fleet: Fleet): Promise<void> {
  expect((await fleet.harness('stop')).exit).toBe(0);
  await expect.poll(() => fleet.processes()).toEqual([]);
}
