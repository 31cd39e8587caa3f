import { type SimulationOptions, type SimulationResult, simulate } from './simulation.ts';

/** What some seeds came to. */
export interface Tally {
  readonly seeds: number;
  /** Seeds with a broken promise. */
  readonly failures: number;
  readonly merges: number;
  readonly virtualMs: number;
  /** Issues that stayed open, by the code of their hold. */
  readonly held: Readonly<Record<string, number>>;
}

export interface SeedRun {
  readonly from: number;
  readonly to: number;
  readonly simulation: Omit<SimulationOptions, 'seed'>;
  /** Plays on after a seed that fails. */
  readonly keepGoing: boolean;
  readonly onFailure: (result: SimulationResult) => void;
  /** Called after every 100 seeds. */
  readonly onProgress: (tally: Tally) => void;
}

/** Plays seeds one after the other. */
export async function runSeeds(run: SeedRun): Promise<Tally> {
  let tally: Tally = { seeds: 0, failures: 0, merges: 0, virtualMs: 0, held: {} };
  for (let seed = run.from; seed <= run.to; seed += 1) {
    const result = await simulate({ ...run.simulation, seed });
    tally = withResult(tally, result);
    if (result.violations.length > 0) {
      run.onFailure(result);
      if (!run.keepGoing) return tally;
    }
    if (tally.seeds % 100 === 0 && seed < run.to) run.onProgress(tally);
  }
  return tally;
}

const withResult = (tally: Tally, { violations, merges, virtualMs, held }: SimulationResult): Tally => ({
  seeds: tally.seeds + 1,
  failures: tally.failures + (violations.length > 0 ? 1 : 0),
  merges: tally.merges + merges,
  virtualMs: tally.virtualMs + virtualMs,
  held: sumOf(tally.held, held),
});

type Counts = Readonly<Record<string, number>>;

function sumOf(a: Counts, b: Counts): Counts {
  const codes = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(codes.map(code => [code, (a[code] ?? 0) + (b[code] ?? 0)]));
}
