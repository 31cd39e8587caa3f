import type { ForgeClock } from '../clock.ts';

/** GitHub's pools; each login has its own of each. */
export type Pool = 'core' | 'graphql' | 'search';

/** Where a login stands in a pool. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Seconds since the epoch. */
  readonly reset: number;
}

/** What a test may set about a pool. */
export interface QuotaChange {
  /** null: anonymous requests. */
  readonly login: string | null;
  readonly pool?: Pool;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetInSeconds?: number;
}

/** Points per hour, counted per login. */
export interface Limits {
  quotaOf(login: string | null, pool: Pool): Quota;
  spend(login: string | null, pool: Pool, points: number): void;
  set(change: QuotaChange): void;
  /** Sets rates beyond which requests meet the secondary limit; null, the start, for none. */
  enforce(rates: SecondaryRates | null): void;
  rates(): SecondaryRates | null;
  /** Counts a request, unless it is beyond the rates: then the seconds to wait, else 0. */
  countSecondary(login: string | null, weight: { points: number; content: number }): number;
}

/** GitHub documents 900 points and about 80 pieces of content a minute, and 100 requests at once. */
export interface SecondaryRates {
  readonly pointsPerMinute?: number;
  readonly contentPerMinute?: number;
  readonly concurrent?: number;
}

const HOUR_SECONDS = 3600;
const MINUTE_MS = 60_000;
const USUAL: Record<Pool, number> = { core: 5000, graphql: 5000, search: 30 };
const ANONYMOUS = 60;

/** Full pools; a pool starts its hour at its first use. */
export function createLimits(clock: ForgeClock): Limits {
  const pools = new Map<string, { limit: number; used: number; reset: number }>();

  const poolOf = (login: string | null, pool: Pool) => {
    const key = `${pool} ${login ?? ''}`;
    const now = Math.floor(clock.now() / 1000);
    const known = pools.get(key);
    if (known !== undefined && known.reset > now) return known;
    const limit = known?.limit ?? (login === null ? ANONYMOUS : USUAL[pool]);
    const fresh = { limit, used: 0, reset: now + HOUR_SECONDS };
    pools.set(key, fresh);
    return fresh;
  };

  const counted = new Map<string | null, { since: number; points: number; content: number }>();
  let rates: SecondaryRates | null = null;
  const minuteOf = (login: string | null) => {
    const known = counted.get(login);
    if (known !== undefined && clock.now() - known.since < MINUTE_MS) return known;
    const fresh = { since: clock.now(), points: 0, content: 0 };
    counted.set(login, fresh);
    return fresh;
  };

  return {
    enforce(next) {
      rates = next;
      counted.clear();
    },
    rates: () => rates,
    countSecondary(login, { points, content }) {
      const minute = minuteOf(login);
      const beyond =
        minute.points + points > (rates?.pointsPerMinute ?? Number.POSITIVE_INFINITY) ||
        minute.content + content > (rates?.contentPerMinute ?? Number.POSITIVE_INFINITY);
      if (beyond) return Math.ceil((minute.since + MINUTE_MS - clock.now()) / 1000);
      minute.points += points;
      minute.content += content;
      return 0;
    },
    quotaOf(login, pool) {
      const { limit, used, reset } = poolOf(login, pool);
      return { limit, used, reset, remaining: Math.max(0, limit - used) };
    },
    spend(login, pool, points) {
      poolOf(login, pool).used += points;
    },
    set({ login, pool = 'core', limit, remaining, resetInSeconds }) {
      const quota = poolOf(login, pool);
      if (limit !== undefined) quota.limit = limit;
      if (remaining !== undefined) quota.used = quota.limit - remaining;
      if (resetInSeconds !== undefined) quota.reset = Math.floor(clock.now() / 1000) + resetInSeconds;
    },
  };
}
