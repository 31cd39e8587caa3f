import { expect, it } from 'vitest';
import { simulate } from '../../src/simulate/simulation.ts';
import { TWINS, type TwinName } from '../../src/simulate/twins.ts';

/** Within how many seeds the simulator must find out; the table in docs/reliability.md is the same. */
const WITHIN: Readonly<Record<Exclude<TwinName, 'nothing'>, number>> = {
  comment: 5,
  compare: 10,
  deadline: 60,
  fence: 200,
  head: 200,
  nonce: 5,
  patience: 5,
  people: 200,
  record: 400,
  reread: 30,
  sight: 10,
  train: 60,
  unknown: 200,
  verify: 5,
};

it.each(Object.entries(WITHIN) as [TwinName, number][])(
  'misses %s within %i seeds',
  async (name, seeds) => {
    expect(await firstBrokenSeed(name, seeds), TWINS[name].defence).not.toBeNull();
  },
  120_000,
);

async function firstBrokenSeed(name: TwinName, seeds: number): Promise<number | null> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const options = { hosts: 3, issues: 8, repos: 1, alter: TWINS[name].alter };
    const { violations } = await simulate({ ...options, seed });
    if (violations.length > 0) return seed;
  }
  return null;
}
