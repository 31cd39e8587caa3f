import type { MiddlewareHandler } from 'hono';
import type { Accounts } from '../accounts.ts';
import type { ForgeEnvironment } from './environment.ts';
import { loginOf } from './environment.ts';
import { ApiFailure } from './failures.ts';
import type { Limits, Pool, Quota } from './limits.ts';

/** Counts the request against the login's pool and says so in the headers; a 304 costs nothing. */
export function countAgainstLimits({
  limits,
  accounts,
}: {
  limits: Limits;
  accounts: Accounts;
}): MiddlewareHandler<ForgeEnvironment> {
  return async (c, next) => {
    const login = loginOf(c);
    const route = c.get('route');
    const pool: Pool = route === '/graphql' ? 'graphql' : 'core';
    if (route === '/rate_limit') return next();
    const before = limits.quotaOf(login, pool);
    if (before.remaining === 0 && pool === 'core') {
      throw primaryLimit({ who: whoIs(accounts, login), quota: before, pool, status: 403 });
    }
    await next();
    const points = pool === 'graphql' ? (c.get('graphqlCost') ?? 0) : c.res.status === 304 ? 0 : 1;
    c.set('cost', points);
    limits.spend(login, pool, points);
    for (const [name, value] of Object.entries(quotaHeaders(limits.quotaOf(login, pool), pool))) {
      c.res.headers.set(name, value);
    }
  };
}

/** GitHub's refusal of a login whose points are used up. */
export function primaryLimit(facts: {
  who: string;
  quota: Quota;
  pool: Pool;
  status: 403 | 429;
}): ApiFailure {
  return new ApiFailure(facts.status, `API rate limit exceeded for ${facts.who}.`, {
    headers: quotaHeaders({ ...facts.quota, remaining: 0 }, facts.pool),
  });
}

/** GitHub's refusal of a client that asks too much at once. */
export function secondaryLimit(facts: { status: 403 | 429; retryAfterSeconds: number | null }): ApiFailure {
  return new ApiFailure(
    facts.status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    { headers: facts.retryAfterSeconds === null ? {} : { 'retry-after': String(facts.retryAfterSeconds) } },
  );
}

/** `user ID 7`, or the address for anonymous requests. */
export function whoIs(accounts: Accounts, login: string | null): string {
  return login === null ? '127.0.0.1' : `user ID ${accounts.named(login).id}`;
}

function quotaHeaders(
  { limit, remaining, used, reset }: Quota,
  pool: Pool,
): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': pool,
  };
}
