import { Octokit } from 'octokit';
import { HarnessError } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import { statusOf, translateFailure } from './failure.ts';

export interface ClientOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** Asked before the first request, and again when GitHub no longer accepts what it gave. */
  readonly token: () => Promise<string>;
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
  const credentials = rememberToken(options.token);

  octokit.hook.wrap('request', async (request, parameters) => {
    const attempt = async () => {
      const authorization = `Bearer ${await credentials.current()}`;
      const headers = { ...parameters.headers, authorization, 'x-github-api-version': API_VERSION };
      return request({ ...parameters, headers });
    };
    try {
      return await attempt();
    } catch (error) {
      if (statusOf(error) === 304)
        return (error as { response: Awaited<ReturnType<typeof attempt>> }).response;
      const label = `${parameters.method} ${parameters.url}`;
      if (statusOf(error) !== 401 || !(await credentials.renew())) throw translateFailure(error, label);
      return attempt().catch((again: unknown) => {
        throw translateFailure(again, label);
      });
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

function rememberToken(ask: () => Promise<string>) {
  let known: Promise<string> | null = null;
  return {
    async current(): Promise<string> {
      known ??= ask();
      const token = await known.catch((error: unknown) => {
        known = null;
        throw error;
      });
      // `fetch` would print a token with a line break in its complaint about the header.
      if (/^[\x21-\x7e]+$/.test(token)) return token;
      throw new HarnessError('not-logged-in', 'The GitHub token has characters that no token has.');
    },
    /** Whether there is another token now than the one that was refused. */
    async renew(): Promise<boolean> {
      const refused = await known;
      known = ask();
      return (await known) !== refused;
    },
  };
}

function octokitLog(log: Log) {
  return {
    debug: (message: string) => log.debug(message),
    info: (message: string) => log.debug(message),
    warn: (message: string) => log.debug(message),
    error: (message: string) => log.debug(message),
  };
}
