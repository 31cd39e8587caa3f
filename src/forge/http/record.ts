import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ForgeClock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { ForgeContext, ForgeEnvironment } from './environment.ts';
import { loginOf } from './environment.ts';
import type { RequestEntry } from './request-log.ts';

/** Prepares what a request carries, and writes it into the log when it is answered. */
export function recordRequests({
  log,
  clock,
  store,
}: {
  log: { add(entry: RequestEntry): void };
  clock: ForgeClock;
  store: Store;
}): MiddlewareHandler<ForgeEnvironment> {
  return async (c, next) => {
    const started = performance.now();
    const at = clock.now();
    c.set('route', routeOf(c));
    c.set('path', pathOf(c));
    c.set('board', store);
    c.set('cost', 0);
    await next();
    log.add({
      method: c.req.method,
      route: c.get('route'),
      path: c.get('path'),
      status: c.get('dropped') ? 0 : c.res.status,
      login: loginOf(c),
      at,
      ms: Math.round((performance.now() - started) * 100) / 100,
      rateLimitCost: c.get('cost'),
      conditional304: c.res.status === 304,
    });
  };
}

/** The route's name; `*` for what the forge does not have. */
function routeOf(c: ForgeContext): string {
  const path = matchedRoutes(c)
    .map(route => route.path)
    .find(candidate => candidate !== '/*');
  return nameOfRoute(path ?? '*');
}

/** hono's `/:owner/:path{.+}` as GitHub writes it: `/{owner}/{path}`. */
export function nameOfRoute(path: string): string {
  return path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}');
}

function pathOf(c: ForgeContext): string {
  return c.req.path + new URL(c.req.url).search;
}
