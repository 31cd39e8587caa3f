import type { ReadingRecord } from './document.ts';

interface Counts {
  readonly requests: number;
  readonly notModified: number;
  readonly points: number;
}

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 24;

/** The requests between two counts, added to the hour of `now`; the last day is kept. */
export function addRequests(
  hours: ReadingRecord['hours'],
  now: number,
  before: Counts,
  after: Counts,
): ReadingRecord['hours'] {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const current = hours.find(entry => entry.hour === hour) ?? {
    hour,
    requests: 0,
    notModified: 0,
    points: 0,
  };
  const added = {
    hour,
    requests: current.requests + after.requests - before.requests,
    notModified: current.notModified + after.notModified - before.notModified,
    points: current.points + after.points - before.points,
  };
  return [...hours.filter(entry => entry.hour !== hour), added].slice(-KEPT_HOURS);
}
