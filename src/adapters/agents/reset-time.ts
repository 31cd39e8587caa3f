/**
 * When a usage limit is lifted, ISO 8601, from the words of a program that gives no number: `resets 2:29am
 * (UTC)`, `resets Nov 25, 3pm (Europe/Berlin)`, `try again at 2:30 AM`, `try again at Nov 22nd, 2026 2:30 AM`.
 * Without a day it is the next such time; without a zone it is this host's. null when nothing fits.
 */
export function resetTimeIn(message: string, nowMs: number): string | null {
  const found = WORDS.exec(message)?.groups;
  if (found === undefined) return null;
  const hour = (Number(found.hour) % 12) + (found.half?.toLowerCase() === 'pm' ? 12 : 0);
  const time = { hour, minute: Number(found.minute ?? 0) };
  try {
    const zone = found.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    return new Date(
      found.month === undefined ? nextSuch(time, zone, nowMs) : onDay(found, time, zone, nowMs),
    ).toISOString();
  } catch {
    // Not a zone that this system knows, or not a date.
    return null;
  }
}

// Claude Code 2.1.197 says the first two, Codex 0.169.0 the others.
const WORDS =
  /(?:resets|try again at)\s+(?:(?<month>[A-Z][a-z]{2})[a-z]*\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(?<year>\d{4}),?\s+)?(?:at\s+)?)?(?<hour>\d{1,2})(?::(?<minute>\d\d))?\s*(?<half>am|pm)\b(?:\s+\((?<zone>[\w/+-]+)\))?/i;

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;

function nextSuch(time: TimeOfDay, zone: string, nowMs: number): number {
  const { year, month, day } = partsOf(nowMs, zone);
  const today = inZone({ year, month, day, ...time }, zone);
  return today > nowMs ? today : today + DAY_MS;
}

function onDay(
  { month, day, year }: Readonly<Record<string, string | undefined>>,
  time: TimeOfDay,
  zone: string,
  nowMs: number,
): number {
  const index = MONTHS.indexOf((month ?? '').toLowerCase()) + 1;
  const date = (inYear: number) => inZone({ year: inYear, month: index, day: Number(day), ...time }, zone);
  if (year !== undefined) return date(Number(year));
  const thisYear = date(partsOf(nowMs, zone).year);
  return thisYear > nowMs - DAY_MS ? thisYear : date(partsOf(nowMs, zone).year + 1);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Moment extends TimeOfDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The moment at which clocks in a zone show this; near a change of clocks off by at most that change. */
function inZone(moment: Moment, zone: string): number {
  const asUtc = utc(moment);
  return asUtc - (utc(partsOf(asUtc, zone)) - asUtc);
}

const utc = ({ year, month, day, hour, minute }: Moment) => Date.UTC(year, month - 1, day, hour, minute);

function partsOf(ms: number, zone: string): Moment {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}
