import { describe, expect, it } from 'vitest';
import type { Alter } from '../../src/simulate/machines/fleet.ts';
import { failureLines } from '../../src/simulate/report.ts';
import { type SimulationOptions, simulate } from '../../src/simulate/simulation.ts';
import { TWINS } from '../../src/simulate/twins.ts';

const USUAL: Omit<SimulationOptions, 'seed'> = {
  only: null,
  hosts: 3,
  issues: 8,
  repos: 1,
  weather: 'rough',
  alter: TWINS.nothing.alter,
};

/** Fails with the trace of the first seed that breaks a promise. */
async function play(seeds: readonly number[], options: Partial<SimulationOptions> = {}): Promise<void> {
  for (const seed of seeds) {
    const result = await simulate({ ...USUAL, ...options, seed });
    if (result.violations.length > 0) throw new Error(failureLines(result, 60).join('\n'));
  }
}

const mergingOnlyWhatContainsTheBase: Alter = engine => ({
  ...engine,
  board: {
    ...engine.board,
    mergePull: async (repo, number, merge) => {
      const ancestor = await engine.repos.fetchBranch(repo, 'main');
      const contains = await engine.repos.isAncestor(repo, { ancestor, commit: merge.sha });
      return contains
        ? engine.board.mergePull(repo, number, merge)
        : { kind: 'refused', reason: 'Head branch is out of date. Review and try the merge again.' };
    },
  },
});

const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

describe('the engine under simulated faults', () => {
  it.each([1, 16, 31])('keeps its promises from seed %i on', async from => {
    await play(range(from, 15));
  });

  it('keeps its promises on one host alone', async () => {
    await play(range(1, 8), { hosts: 1 });
  });

  it('keeps its promises with a unit for each of two repositories', async () => {
    await play(range(1, 4), { repos: 2 });
  });

  // The last one has found units with ready work that nobody drove.
  it('keeps its promises where a host has fewer workers than units', async () => {
    await play([1, 2, 27], { repos: 3 });
  });

  // The first three have found a fault in how that was watched.
  it('keeps its promises where landings move the base themselves', async () => {
    const alter: Alter = engine => ({ ...engine, settings: { ...engine.settings, HARNESS_MERGE: 'ff' } });
    await play([6, 49, 72, ...range(1, 5)], { alter });
  });

  it('keeps its promises where GitHub merges only what contains the base', async () => {
    await play(range(1, 8), { alter: mergingOnlyWhatContainsTheBase });
  });

  it('keeps its promises where hardly anything arrives at the first try', async () => {
    await play(range(1, 8), { weather: 'stormy' });
  });

  it('keeps its promises where hosts are cut off again and again, for about as long as a lease lives', async () => {
    await play(range(1, 8), { weather: 'parting' });
  });

  it('keeps its promises on seeds that nobody has played before', async () => {
    const fresh = Date.now() % 1_000_000_000;
    await play(range(fresh, 15));
  });
});

describe('a seed', () => {
  it('always plays out alike', async () => {
    const [first, second] = [await simulate({ ...USUAL, seed: 7 }), await simulate({ ...USUAL, seed: 7 })];
    expect(second.events).toEqual(first.events);
    expect(first.events.length).toBeGreaterThan(100);
  });

  it('plays out unlike any other', async () => {
    const [first, second] = [await simulate({ ...USUAL, seed: 7 }), await simulate({ ...USUAL, seed: 8 })];
    expect(second.events).not.toEqual(first.events);
  });
});
