import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import type { SharedFile } from '../snapshots/shared-file.ts';
import { isAmbiguous } from './failure.ts';

const Begun = z.object({
  version: z.literal(1),
  /** By place, `acme/app#7 status`: when the request was sent, epoch milliseconds. */
  begun: z.record(z.string(), z.number()),
});

/** What this host has asked GitHub to create, and has no answer about. */
export type Begun = Readonly<z.infer<typeof Begun>>;

export const begunFormat: LineFormat<Begun> = oneLine(Begun);

/** GitHub ends a request after ten seconds (GitHub docs, "Timeouts"); the rest is for its way. */
const UNDER_WAY_MS = 15_000;

/** Creates what is at no place yet, as `createAt` does. */
export type CreateOnce = <T>(place: string, create: () => Promise<T>) => Promise<T>;

/**
 * Creates what is at no place yet. A process may die while its request is under way: whoever goes on for it on this host
 * sees nothing there, and is refused until GitHub must have done it or never will. Throws `github-unreachable` then.
 */
export async function createAt<T>(
  place: string,
  context: {
    readonly notes: () => Promise<SharedFile<Begun>>;
    readonly clock: Clock;
    readonly pace: boolean;
  },
  create: () => Promise<T>,
): Promise<T> {
  const { notes, clock, pace } = context;
  // An API on this host has done what it was sent before anybody could look.
  if (!pace) return create();
  const file = await notes();
  const isUnderWay = (at: number) => at <= clock.now() && clock.now() - at < UNDER_WAY_MS;
  const noted = (known: Begun | null, own: Begun['begun']): Begun => {
    const young = Object.entries(known?.begun ?? {}).filter(([key, at]) => key !== place && isUnderWay(at));
    return { version: 1, begun: { ...Object.fromEntries(young), ...own } };
  };
  const begin = await file.change(known =>
    isUnderWay(known?.begun[place] ?? Number.NEGATIVE_INFINITY)
      ? null
      : noted(known, { [place]: clock.now() }),
  );
  if (!begin.changed) {
    throw new HarnessError(
      'github-unreachable',
      `What was to be created for ${place} may still be under way.`,
    );
  }
  const end = () => file.change(known => noted(known, {}));
  try {
    const made = await create();
    await end();
    return made;
  } catch (error) {
    if (!isAmbiguous(error)) await end();
    throw error;
  }
}
