import { HarnessError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { countRequest, NO_REQUESTS, type RequestTally, repoOf } from './counts.ts';
import type { Gate } from './gate.ts';
import { type Limit, limitOf } from './limits.ts';

export interface Transport {
  readonly fetch: typeof fetch;
  readonly tally: () => RequestTally;
}

/** A `fetch` that passes every request through the gate, ends it in time and counts it. */
export function createTransport(options: {
  /** The gate of the token in use. */
  readonly gate: () => Promise<Gate>;
  readonly clock: Clock;
  readonly send: typeof fetch;
  readonly limitMs: number;
}): Transport {
  let tally: RequestTally = { all: NO_REQUESTS, repos: {} };

  async function gatedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(String(input));
    const isGraphQL = pathname.endsWith('/graphql');
    const isWrite = isGraphQL ? isMutation(init.body) : init.method !== 'GET' && init.method !== 'HEAD';
    const leave = await (await options.gate()).enter({ isWrite, isGraphQL });
    let limit: Limit | null = null;
    let status = 0;
    try {
      const response = await options.send(input, {
        ...init,
        // A write that followed an issue to another repository would change something else than was meant.
        redirect: isWrite ? 'manual' : 'follow',
        signal: AbortSignal.timeout(options.limitMs),
      });
      status = response.status;
      if (isWrite && status >= 300 && status < 400) throw movedAway(`${init.method} ${pathname}`);
      const isTelling = isGraphQL || status === 403 || status === 429;
      limit = limitOf({
        receivedAt: options.clock.now(),
        status,
        headers: response.headers,
        body: isTelling ? await response.clone().text() : '',
        isGraphQL,
      });
      return response;
    } finally {
      tally = countRequest(tally, { repo: repoOf(pathname, init.body), status });
      await leave(limit);
    }
  }

  return { fetch: gatedFetch, tally: () => tally };
}

/** Whether a GraphQL request changes something. In a value of the body quotes are escaped. */
const isMutation = (body: RequestInit['body']): boolean =>
  typeof body === 'string' && /"query":"(?:\\n|\s)*mutation\b/.test(body);

function movedAway(request: string): HarnessError {
  return new HarnessError('github-refused', `${request}: this is somewhere else now.`, {
    fix: 'The repository was renamed or the issue transferred: use the new name in the configuration.',
  });
}
