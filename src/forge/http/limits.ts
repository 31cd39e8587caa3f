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
}

const HOUR_SECONDS = 3600;
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

  return {
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
