import * as z from 'zod';

/** Requests to GitHub, those of them that were answered 304, and points of the rate limits. */
const Counts = z.object({ requests: z.int(), notModified: z.int(), points: z.int() });
export type Counts = Readonly<z.infer<typeof Counts>>;

/** The requests of the last hour by the five minutes that they were made in, the newest last. */
export const Spending = z.array(Counts.extend({ from: z.number() }));
export type Spending = z.infer<typeof Spending>;

const SLOT_MS = 300_000;
const HOUR_MS = 3_600_000;

export function addSpending(spending: Readonly<Spending>, now: number, added: Counts): Spending {
  const from = Math.floor(now / SLOT_MS) * SLOT_MS;
  const slot = spending.find(known => known.from === from) ?? NOTHING;
  const others = spending.filter(known => known.from !== from && isRecent(known.from, now));
  return [...others, { from, ...sumOf([slot, added]) }];
}

/** What was spent in the hour before `now`, to within five minutes. */
export function spentLastHour(spending: Readonly<Spending>, now: number): Counts {
  return sumOf(spending.filter(({ from }) => isRecent(from, now)));
}

const isRecent = (from: number, now: number): boolean => from > now - HOUR_MS && from <= now;

const NOTHING: Counts = { requests: 0, notModified: 0, points: 0 };

const sumOf = (all: readonly Counts[]): Counts =>
  all.reduce(
    (sum, { requests, notModified, points }) => ({
      requests: sum.requests + requests,
      notModified: sum.notModified + notModified,
      points: sum.points + points,
    }),
    NOTHING,
  );
