import { setTimeout as wait } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import type { Accounts } from '../accounts.ts';
import type { ForgeDelays } from '../delays.ts';
import type { Store } from '../store.ts';
import type { ForgeContext, ForgeEnvironment } from './environment.ts';
import { loginOf } from './environment.ts';
import { ApiFailure, failureBody } from './failures.ts';
import type { ActiveFault, createFaults, FaultSpec } from './faults.ts';
import type { Limits } from './limits.ts';
import { poolOf, primaryLimit, secondaryLimit, whoIs } from './rate-limit.ts';
import { staleFor } from './stale-board.ts';

interface Injection {
  readonly faults: ReturnType<typeof createFaults>;
  readonly store: Store;
  readonly limits: Limits;
  readonly accounts: Accounts;
  readonly delays: ForgeDelays;
}

/** Lets the faults that meet a request happen, before its effect or after it. */
export function injectFaults(parts: Injection): MiddlewareHandler<ForgeEnvironment> {
  return async (c, next) => {
    const { delayMs, fault } = parts.faults.take({
      method: c.req.method,
      route: c.get('route'),
      path: c.get('path'),
      login: loginOf(c),
      conditional: c.req.header('if-none-match') !== undefined,
    });
    const usualMs = isGit(c.get('route')) ? parts.delays.gitMs : parts.delays.apiMs;
    if (delayMs + (usualMs ?? 0) > 0) await wait(delayMs + (usualMs ?? 0));
    if (fault === null) return next();
    const early = await answerBefore(c, parts, fault);
    if (early !== null) return early;
    await next();
    await changeAfter(c, fault.spec);
  };
}

function isGit(route: string): boolean {
  return route.startsWith('/{owner}/');
}

/** Cuts the connection; the log shows status 0. */
function dropConnection(c: ForgeContext): Response {
  c.set('dropped', true);
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

async function answerBefore(
  c: ForgeContext,
  parts: Injection,
  { spec, board }: ActiveFault,
): Promise<Response | null> {
  switch (spec.kind) {
    case 'status':
      return statusAnswer(spec);
    case 'drop':
      return dropConnection(c);
    case 'ask':
      return (await spec.ask(c.req.raw, 'before')) === 'drop' ? dropConnection(c) : null;
    case 'false-304':
      return new Response(null, { status: 304, headers: { etag: c.req.header('if-none-match') ?? '' } });
    case 'primary-limit': {
      const login = loginOf(c);
      const pool = poolOf(c.get('route'));
      parts.limits.set({
        login,
        pool,
        remaining: 0,
        ...(spec.resetInSeconds === undefined ? {} : { resetInSeconds: spec.resetInSeconds }),
      });
      if (pool === 'graphql') return null;
      const quota = parts.limits.quotaOf(login, 'core');
      const who = whoIs(parts.accounts, login);
      throw primaryLimit({ who, quota, pool, status: spec.status ?? 403 });
    }
    case 'secondary-limit':
      throw secondaryLimit({
        status: spec.status ?? 403,
        retryAfterSeconds: spec.retryAfterSeconds === undefined ? 60 : spec.retryAfterSeconds,
      });
    case 'stale-list':
      if (board !== null) {
        c.set(
          'board',
          spec.numbers === undefined ? board : staleFor(spec.numbers, { now: parts.store, before: board }),
        );
      }
      return null;
    default:
      return null;
  }
}

async function changeAfter(c: ForgeContext, spec: FaultSpec): Promise<void> {
  switch (spec.kind) {
    case 'status-after-effect':
      return replaceAnswer(c, statusAnswer(spec));
    case 'drop-after-effect':
      return replaceAnswer(c, dropConnection(c));
    case 'ask':
      if ((await spec.ask(c.req.raw, 'after')) === 'drop') replaceAnswer(c, dropConnection(c));
      return undefined;
    case 'invalid-json':
      return replaceAnswer(c, new Response('<html><body>Unicorn!</body></html>', { headers: JSON_TYPE }));
    case 'truncate':
      return replaceAnswer(c, await sendHalf(c));
    default:
      return undefined;
  }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function statusAnswer(spec: Extract<FaultSpec, { kind: 'status' | 'status-after-effect' }>): Response {
  const body = failureBody(new ApiFailure(spec.status, spec.message ?? 'Server Error'));
  return new Response(JSON.stringify(body), {
    status: spec.status,
    headers: { ...JSON_TYPE, ...spec.headers },
  });
}

/** hono copies the headers of the answer before into the new one unless that is taken away first. */
function replaceAnswer(c: ForgeContext, response: Response): void {
  c.res = undefined;
  c.res = response;
}

async function sendHalf(c: ForgeContext): Promise<Response> {
  const body = Buffer.from(await c.res.arrayBuffer());
  const { outgoing } = c.env;
  outgoing.writeHead(c.res.status, { ...Object.fromEntries(c.res.headers), 'content-length': body.length });
  outgoing.write(body.subarray(0, body.length >> 1), () => c.env.incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
