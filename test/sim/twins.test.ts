import { expect, it } from 'vitest';
import { simulate } from '../../src/simulate/simulation.ts';
import { TWINS, type TwinName } from '../../src/simulate/twins.ts';

/** Within how many seeds, from which on, the simulator must find out; the table in docs/reliability.md is the same. */
const WITHIN: Readonly<Record<Exclude<TwinName, 'nothing'>, { seeds: number; from?: number }>> = {
  checkpoint: { seeds: 150 },
  comment: { seeds: 5 },
  compare: { seeds: 5 },
  deadline: { seeds: 60 },
  fence: { seeds: 60 },
  fetch: { seeds: 20 },
  head: { seeds: 100 },
  name: { seeds: 5 },
  nonce: { seeds: 5 },
  patience: { seeds: 5 },
  people: { seeds: 100 },
  record: { seeds: 300, from: 10_001 },
  reread: { seeds: 10 },
  save: { seeds: 5 },
  sight: { seeds: 5 },
  train: { seeds: 30 },
  unknown: { seeds: 250, from: 1_401 },
  verify: { seeds: 5 },
};

it.each(Object.entries(WITHIN) as [TwinName, { seeds: number; from?: number }][])(
  'misses %s',
  async (name, { seeds, from = 1 }) => {
    const found = await firstBrokenSeed(name, { from, to: from + seeds - 1 });
    expect(found, `without it nothing breaks in ${seeds} seeds: ${TWINS[name].defence}`).not.toBeNull();
  },
  120_000,
);

async function firstBrokenSeed(
  name: TwinName,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number | null> {
  for (let seed = from; seed <= to; seed += 1) {
    const options = { hosts: 3, issues: 8, repos: 1, alter: TWINS[name].alter };
    const { violations } = await simulate({ ...options, seed });
    if (violations.length > 0) return seed;
  }
  return null;
}
