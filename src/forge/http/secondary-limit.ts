import type { MiddlewareHandler } from 'hono';
import type { ForgeContext, ForgeEnvironment } from './environment.ts';
import { loginOf } from './environment.ts';
import type { Limits, SecondaryRates } from './limits.ts';
import { secondaryLimit } from './rate-limit.ts';

/** Refuses what goes beyond the rates that `limits.enforce` has set: with 403 and `retry-after`. */
export function limitSecondarily(limits: Limits): MiddlewareHandler<ForgeEnvironment> {
  let concurrent = 0;
  return async (c, next) => {
    const rates = limits.rates();
    if (rates === null) return next();
    const retryAfterSeconds = limits.countSecondary(loginOf(c), weightOf(c));
    if (retryAfterSeconds > 0 || isBeyond(concurrent, rates.concurrent)) {
      throw secondaryLimit({ status: 403, retryAfterSeconds: Math.max(1, retryAfterSeconds) });
    }
    concurrent += 1;
    try {
      await next();
    } finally {
      concurrent -= 1;
    }
  };
}

/** GitHub docs, "Calculating points for the secondary rate limit": reads 1, writes 5; POSTs mostly create content. */
function weightOf(c: ForgeContext): { points: number; content: number } {
  const { method } = c.req;
  if (method === 'GET' || method === 'HEAD' || c.get('route') === '/graphql')
    return { points: 1, content: 0 };
  return { points: 5, content: CONTENT.test(`${method} ${c.get('route')}`) ? 1 : 0 };
}

const CONTENT = /^POST .*\/(issues|comments|pulls|reviews|sub_issues)$/;

function isBeyond(count: number, most: SecondaryRates['concurrent']): boolean {
  return most !== undefined && count >= most;
}
