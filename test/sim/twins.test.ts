import { describe, expect, it } from 'vitest';
import { type SimulationOptions, simulate } from '../../src/simulate/simulation.ts';
import { TWINS, type TwinName } from '../../src/simulate/twins.ts';
import { RULES, type Rule } from '../../src/simulate/watch/watch.ts';

/** Which promise is broken without which line of defence; docs/reliability.md has the first seed of each. */
interface Search extends Pick<SimulationOptions, 'weather'> {
  readonly without: TwinName;
  readonly breaks: Rule;
  /** Within how many the simulator must find out. */
  readonly seeds: number;
  /** Where it found out last, tried before all others; any other of `seeds` does as well. */
  readonly known: number;
}

const search = (
  without: TwinName,
  breaks: Rule,
  seeds: number,
  weather: Search['weather'] = 'rough',
  known = 1,
): Search => ({ without, breaks, seeds, weather, known });

/** Missed once in some hundred seeds, which is too long a search here; test/leases/proofs.test.ts has it. */
const RARE: readonly TwinName[] = ['record'];

const SEARCHES: readonly Search[] = [
  search('catch', 'survives-errors', 5),
  search('checkpoint', 'keeps-checkpoints', 80, 'stormy', 25),
  search('closed', 'one-merge', 5),
  search('closed', 'wanted-merge', 5),
  search('comment', 'one-comment', 5),
  search('compare', 'journal-chain', 5),
  search('deadline', 'launch-under-lease', 150, 'rough', 47),
  search('deadline', 'writes-under-lease', 150, 'rough', 32),
  search('fence', 'fenced-branch', 100, 'stormy', 60),
  search('fetch', 'keeps-checkpoints', 20),
  search('head', 'verified-merge', 100, 'rough', 7),
  search('hope', 'closes-landed', 60, 'stormy', 9),
  search('litter', 'leaves-nothing', 5),
  search('merged', 'honest-receipt', 10),
  search('name', 'keeps-checkpoints', 5),
  search('nonce', 'one-receipt', 5),
  search('part', 'never-reopens', 40, 'rough', 6),
  search('patience', 'converges', 5),
  search('patience', 'no-early-takeover', 5),
  search('patience', 'one-live-attempt', 30),
  search('people', 'keeps-pushes', 40, 'stormy'),
  search('reread', 'keeps-labels', 20, 'rough', 3),
  search('ride', 'one-train', 10),
  search('save', 'keeps-work', 5),
  search('sight', 'slots', 5),
  search('train', 'verified-merge', 30, 'stormy'),
  search('unknown', 'launch-under-lease', 30, 'stormy'),
  search('verify', 'honest-read-back', 5),
  search('verify', 'verified-merge', 5),
];

describe('the simulator', () => {
  it('is asked about every promise and every line of defence', () => {
    expect(new Set(SEARCHES.map(({ breaks }) => breaks))).toEqual(new Set(RULES));
    const names = new Set([...SEARCHES.map(({ without }) => without), ...RARE, 'nothing']);
    expect(names).toEqual(new Set(Object.keys(TWINS)));
  });

  it.each(SEARCHES)(
    'finds that without `$without` the promise `$breaks` is broken',
    async wanted => {
      const { without, seeds } = wanted;
      const message = `it is kept in ${seeds} seeds, without this: ${TWINS[without].defence}`;
      expect(await findsOut(wanted), message).toBe(true);
    },
    180_000,
  );
});

async function findsOut({ without, breaks, seeds, weather, known }: Search): Promise<boolean> {
  const { alter } = TWINS[without];
  const options = { hosts: 3, issues: 8, repos: 1, weather, only: breaks, alter };
  for (const seed of new Set([known, ...Array.from({ length: seeds }, (_, at) => at + 1)])) {
    const { violations } = await simulate({ ...options, seed });
    if (violations.length > 0) return true;
  }
  return false;
}
