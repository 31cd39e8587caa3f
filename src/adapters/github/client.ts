import { Octokit, RequestError } from 'octokit';
import type { Log } from '../../ports.ts';
import type { Credentials } from './credentials.ts';
import { statusOf, translateFailure } from './failure.ts';

export interface ClientOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly credentials: Credentials;
  /** What sends the requests; the gate is inside. */
  readonly fetch: typeof fetch;
  /** Space writes as GitHub asks integrations to; off for an API on this host. */
  readonly pace: boolean;
  readonly log: Log;
}

/** GitHub's API version of every request (GitHub docs, "API versions"). */
const API_VERSION = '2022-11-28';

/**
 * The one octokit of a token, with the throttling plugin, the token and the translation of failures: what
 * its methods throw are `HarnessError`s. A 304 is an answer, not a failure.
 */
export function createClient(options: ClientOptions): Octokit {
  const log = octokitLog(options.log);
  const octokit = new Octokit({
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
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

  octokit.hook.wrap('request', async (request, parameters) => {
    const label = `${parameters.method} ${parameters.url}`;
    const send = async (token: string) => {
      const identity = { authorization: `Bearer ${token}`, 'x-github-api-version': API_VERSION };
      try {
        return await request({ ...parameters, headers: { ...parameters.headers, ...identity } });
      } catch (error) {
        if (error instanceof RequestError && error.status === 304 && error.response) return error.response;
        throw translateFailure(error, label);
      }
    };
    const token = await options.credentials.current();
    try {
      return await send(token);
    } catch (error) {
      // A refused token had no effect, so that even a write may be sent again.
      if (statusOf(error) !== 401 || !(await options.credentials.renew(token))) throw error;
      return send(await options.credentials.current());
    }
  });
  return octokit;
}

/** Whether an API is on this host, where neither pacing nor a proxy makes sense. */
export function isLoopback(apiUrl: string): boolean {
  const host = new URL(apiUrl).hostname;
  return host === '[::1]' || /^127\./.test(host) || /(^|\.)localhost$/.test(host);
}

/** The gate's breaker knows when to go on, for all requests at once. */
const giveUp = (): boolean => false;

function octokitLog(log: Log) {
  const debug = (message: string): void => log.debug(message);
  return { debug, info: debug, warn: debug, error: debug };
}
