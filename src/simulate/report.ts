import type { SimulationResult } from './simulation.ts';
import { excerptOf } from './trace.ts';

/** What went wrong in a seed, and what led to it, as lines. */
export function failureLines(result: SimulationResult, traceLines: number): readonly string[] {
  const [first] = result.violations;
  return [
    `seed ${result.seed}: ${result.violations.length} broken promises`,
    ...result.violations.slice(0, 10).map(({ rule, at, subject, message }) => {
      return `  ${rule}: ${subject ?? ''} ${message} (at ${(at / 1000).toFixed(3)} s)`;
    }),
    '',
    ...excerptOf(result.events, first?.subject ?? null, traceLines),
    '',
    `Replay it with: npm run simulate -- --seed ${result.seed}`,
  ];
}

/** What all seeds came to. */
export interface Tally {
  seeds: number;
  failures: number;
  merges: number;
  virtualMs: number;
  held: Record<string, number>;
}

export const emptyTally = (): Tally => ({ seeds: 0, failures: 0, merges: 0, virtualMs: 0, held: {} });

export function addTo(tally: Tally, result: SimulationResult): void {
  tally.seeds += 1;
  tally.failures += result.violations.length > 0 ? 1 : 0;
  tally.merges += result.merges;
  tally.virtualMs += result.virtualMs;
  for (const [code, count] of Object.entries(result.held)) tally.held[code] = (tally.held[code] ?? 0) + count;
}

export function tallyLine(tally: Tally, seconds: number): string {
  const held = Object.entries(tally.held).map(([code, count]) => `${code} ${count}`);
  return [
    `${tally.seeds} seeds`,
    `${tally.failures} with a broken promise`,
    `${tally.merges} merges`,
    `held at the end: ${held.join(', ') || 'none'}`,
    `${(tally.virtualMs / 3_600_000).toFixed(1)} virtual hours in ${seconds.toFixed(1)} s`,
    `${(tally.seeds / seconds).toFixed(1)} seeds/s`,
  ].join(' · ');
}
