import { Hono } from 'hono';
import type { FaultHandle, FaultSpec, Faults } from './http/faults.ts';
import type { Limits, QuotaChange, SecondaryRates } from './http/limits.ts';
import type { RequestFilter, RequestLog } from './http/request-log.ts';
import { nameOf } from './records.ts';
import type { Board } from './shelves.ts';

/**
 * `/_forge/…`: what a test that runs the forge in another process needs. Nothing here is logged, limited or
 * faulted, and a fault's `route` that begins with `^` is an expression over path and query.
 */
export function createControl({
  log,
  faults,
  limits,
  store,
}: {
  log: RequestLog;
  faults: Faults;
  limits: Limits;
  store: Board;
}): Hono {
  const app = new Hono();
  app.get('/_forge/requests', c => {
    const { since, status, ...rest } = c.req.query();
    const filter: RequestFilter = {
      ...rest,
      ...(since === undefined ? {} : { since: Number(since) }),
      ...(status === undefined ? {} : { status: Number(status) }),
    };
    const requests = log.all(filter);
    return c.json({ count: requests.length, cost: log.cost(filter), requests });
  });
  app.delete('/_forge/requests', c => {
    log.clear();
    return c.body(null, 204);
  });

  app.get('/_forge/faults', c => c.json(faults.list().map(describeFault)));
  app.post('/_forge/faults', async c => {
    const spec = await c.req.json<FaultSpec>();
    const isPattern = typeof spec.route === 'string' && spec.route.startsWith('^');
    const handle = faults.add(isPattern ? { ...spec, route: new RegExp(String(spec.route)) } : spec);
    return c.json(describeFault(handle), 201);
  });
  app.delete('/_forge/faults', c => {
    faults.clear();
    return c.body(null, 204);
  });
  app.delete('/_forge/faults/:id', c => {
    const handle = faults.list().find(({ id }) => id === Number(c.req.param('id')));
    handle?.remove();
    return c.body(null, handle === undefined ? 404 : 204);
  });

  // Where GitHub keeps the logs of jobs: anybody may read them who was told the address.
  app.get('/_forge/logs/:id', c => {
    const commits = store.repositories().flatMap(repository => store.commits(nameOf(repository)));
    const runs = commits.flatMap(({ checkRuns }) => checkRuns);
    const run = runs.find(({ id }) => id === Number(c.req.param('id')));
    return c.text(run?.text ?? '', run?.text == null ? 404 : 200);
  });

  app.post('/_forge/limits', async c => {
    const { secondary, ...quota } = await c.req.json<QuotaChange & { secondary?: SecondaryRates | null }>();
    if (secondary !== undefined) limits.enforce(secondary);
    if (quota.login !== undefined) limits.set(quota);
    return c.body(null, 204);
  });
  return app;
}

function describeFault({ id, spec, hits }: FaultHandle) {
  return { id, hits: hits(), ...spec, ...(spec.route === undefined ? {} : { route: String(spec.route) }) };
}
