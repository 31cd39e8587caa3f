import { Octokit } from 'octokit';
import type { Log } from '../../ports.ts';

export interface OctokitOptions {
  readonly apiUrl: string;
  /** What sends the requests; the gate is inside. */
  readonly fetch: typeof fetch;
  /** Space writes as GitHub asks integrations to; off for an API on this host. */
  readonly pace: boolean;
  readonly log: Log;
}

/** octokit with the throttling plugin. Loading it takes longer than a read command may: see `client.ts`. */
export function createOctokit(options: OctokitOptions): Octokit {
  const log = octokitLog(options.log);
  return new Octokit({
    baseUrl: options.apiUrl,
    // ETags of pretty-printed JSON differ, which GitHub sends to agents named like browsers and curl.
    userAgent: 'harness',
    log,
    request: { fetch: options.fetch, log },
    // The plugin sends a POST again after a 502, which may have taken effect.
    retry: { enabled: false },
    throttle: options.pace
      ? { id: options.apiUrl, onRateLimit: giveUp, onSecondaryRateLimit: giveUp }
      : { enabled: false },
  });
}

/** The gate's breaker knows when to go on, for all requests at once. */
const giveUp = (): boolean => false;

function octokitLog(log: Log) {
  const debug = (message: string): void => log.debug(message);
  return { debug, info: debug, warn: debug, error: debug };
}
