import { expect, it } from 'vitest';
import { type SimulationOptions, simulate } from '../../src/simulate/simulation.ts';
import { TWINS, type TwinName } from '../../src/simulate/twins.ts';

/** Within how many seeds, and in which weather, the simulator must find out; docs/reliability.md has the first ones. */
const WITHIN: Readonly<Record<Exclude<TwinName, 'nothing'>, Search>> = {
  checkpoint: { seeds: 60, weather: 'stormy' },
  comment: { seeds: 5, weather: 'rough' },
  compare: { seeds: 5, weather: 'rough' },
  deadline: { seeds: 60, weather: 'rough' },
  fence: { seeds: 60, weather: 'rough' },
  fetch: { seeds: 20, weather: 'rough' },
  head: { seeds: 100, weather: 'rough' },
  name: { seeds: 5, weather: 'rough' },
  nonce: { seeds: 5, weather: 'rough' },
  patience: { seeds: 5, weather: 'rough' },
  people: { seeds: 100, weather: 'rough' },
  record: { seeds: 200, weather: 'stormy' },
  reread: { seeds: 10, weather: 'rough' },
  save: { seeds: 5, weather: 'rough' },
  sight: { seeds: 5, weather: 'rough' },
  train: { seeds: 30, weather: 'rough' },
  unknown: { seeds: 30, weather: 'stormy' },
  verify: { seeds: 5, weather: 'rough' },
};

interface Search extends Pick<SimulationOptions, 'weather'> {
  readonly seeds: number;
}

it.each(Object.entries(WITHIN) as [TwinName, Search][])(
  'misses %s',
  async (name, search) => {
    const found = await firstBrokenSeed(name, search);
    expect(
      found,
      `without it nothing breaks in ${search.seeds} seeds: ${TWINS[name].defence}`,
    ).not.toBeNull();
  },
  180_000,
);

async function firstBrokenSeed(name: TwinName, { seeds, weather }: Search): Promise<number | null> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const options = { hosts: 3, issues: 8, repos: 1, weather, alter: TWINS[name].alter };
    const { violations } = await simulate({ ...options, seed });
    if (violations.length > 0) return seed;
  }
  return null;
}
