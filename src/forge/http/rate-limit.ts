import type { MiddlewareHandler } from 'hono';
import type { Accounts } from '../accounts.ts';
import { answer } from './answers.ts';
import type { ForgeContext, ForgeEnvironment } from './environment.ts';
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
    const pool = poolOf(route);
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

/** GraphQL says it in an answer with status 200 (octokit/plugin-throttling.js#848 has the wording). */
export function answerGraphqlLimit(c: ForgeContext, who: string): Response {
  const message = `API rate limit already exceeded for ${who}.`;
  return answer(c, { errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message }] });
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

/** The pool that a route draws on. */
export function poolOf(route: string): Pool {
  return route === '/graphql' ? 'graphql' : 'core';
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
