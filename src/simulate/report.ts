import type { Tally } from './run-seeds.ts';
import type { SimulationResult } from './simulation.ts';
import { excerptOf } from './trace.ts';

/** What went wrong in a seed, and what led to it, as lines. */
export function failureLines({ seed, violations, events }: SimulationResult, traceLines: number): string[] {
  return [
    `seed ${seed}: ${violations.length === 1 ? 'a promise is' : `${violations.length} promises are`} broken`,
    ...violations.slice(0, 10).map(({ rule, at, subject, message }) => {
      return `  ${rule}: ${subject ? `${subject} ` : ''}${message} (at ${(at / 1000).toFixed(3)} s)`;
    }),
    '',
    ...excerptOf(events, violations[0]?.subject ?? null, traceLines),
    '',
    `Replay it with --seed ${seed} and the same options.`,
  ];
}

export const progressLine = ({ seeds, failures }: Tally, seconds: number) =>
  `${seeds} seeds, ${failures} with a broken promise, ${seconds.toFixed(0)} s`;

/** All seeds in one line. */
export function tallyLine({ seeds, failures, merges, virtualMs, held }: Tally, seconds: number): string {
  const open = Object.entries(held).map(([code, count]) => `${count} ${code}`);
  return [
    `${seeds} seeds`,
    `${failures} with a broken promise`,
    `${merges} merges`,
    `held at the end: ${open.join(', ') || 'none'}`,
    `${(virtualMs / 3_600_000).toFixed(1)} virtual hours`,
    `${seconds.toFixed(1)} s`,
    `${(seeds / seconds).toFixed(1)} seeds/s`,
  ].join(' · ');
}
