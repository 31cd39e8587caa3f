import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { renderForecast } from '../render/forecast.ts';
import { forecast } from '../simulate/forecast.ts';
import { seenWorld, type WorldOptions } from './seen-world.ts';

export interface SimulateOptions extends WorldOptions {
  readonly hosts: string;
  readonly cap?: string | undefined;
  readonly minutes: string;
  readonly seed: string;
  readonly json?: boolean | undefined;
}

/** Plays the board on simulated hosts and prints what would come of it, in a time-lapse. Writes nothing. */
export async function simulateCommand(options: SimulateOptions, io: Invocation): Promise<number> {
  const numbers = {
    hosts: numberFrom('--hosts', options.hosts, 50),
    cap: options.cap === undefined ? null : numberFrom('--cap', options.cap, 1_000),
    sessionMinutes: numberFrom('--minutes', options.minutes, 1_440),
    seed: numberFrom('--seed', options.seed, 2 ** 31),
  };
  const result = await forecast({ ...numbers, world: await seenWorld(options, io) });
  io.out(
    options.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : renderForecast(result, { width: io.columns, color: io.useColor }),
  );
  return EXIT.ok;
}

function numberFrom(option: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new HarnessError(
    'usage-invalid',
    `${option}: expected a whole number from 1 to ${most}, got ${text}.`,
  );
}
