import type { Clock } from '../../ports.ts';
import type { Gate } from './gate.ts';
import { limitOf } from './limits.ts';

/** What was asked of GitHub since the board was created. */
export interface RequestCounts {
  readonly requests: number;
  /** Answers 304, which cost nothing. */
  readonly notModified: number;
  /** Points of the primary rate limits: one for every other answer. */
  readonly points: number;
}

export interface Transport {
  readonly fetch: typeof fetch;
  readonly counts: () => RequestCounts;
}

/** GitHub gives up on a request after 10 s; an answer of a hundred long issues takes its time after that. */
const TIMEOUT_MS = 30_000;

/** A `fetch` that passes every request through the gate, ends it in time and counts it. */
export function createTransport(options: {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly send: typeof fetch;
}): Transport {
  let counts: RequestCounts = { requests: 0, notModified: 0, points: 0 };

  async function gatedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const isGraphQL = new URL(String(input)).pathname.endsWith('/graphql');
    const isWrite = !isGraphQL && init.method !== 'GET' && init.method !== 'HEAD';
    const pass = await options.gate.enter({ isWrite, isGraphQL });
    let limit: ReturnType<typeof limitOf> = null;
    try {
      counts = { ...counts, requests: counts.requests + 1 };
      const response = await options.send(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const isFree = response.status === 304;
      counts = {
        ...counts,
        notModified: counts.notModified + (isFree ? 1 : 0),
        points: counts.points + (isFree ? 0 : 1),
      };
      const isTelling = isGraphQL || response.status === 403 || response.status === 429;
      limit = limitOf({
        receivedAt: options.clock.now(),
        status: response.status,
        headers: response.headers,
        body: isTelling ? await response.clone().text() : '',
        isGraphQL,
      });
      return response;
    } finally {
      pass.leave(limit);
    }
  }

  return { fetch: gatedFetch, counts: () => counts };
}
