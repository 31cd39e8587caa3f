import type { Octokit } from 'octokit';
import { redact } from '../../core/redact.ts';
import type { Credentials } from './credentials.ts';
import { isRequestError, statusOf, translateFailure } from './failure.ts';
import type { OctokitOptions } from './octokit.ts';

export interface ClientOptions extends OctokitOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly credentials: Credentials;
}

/**
 * GitHub's API for one token. What its methods throw are `HarnessError`s; GraphQL's errors beside a partial
 * answer are octokit's `GraphqlResponseError`. A 304 is an answer, not a failure.
 */
export interface Client {
  readonly apiUrl: string;
  request(request: Request): Promise<Answer>;
  /** The `data` of the answer. */
  graphql(query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's root, with a leading slash, or a whole address. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: {
    readonly etag?: string | undefined;
    readonly link?: string | undefined;
    readonly [name: string]: string | number | undefined;
  };
  readonly data: unknown;
}

/** GitHub's API version of every request (GitHub docs, "API versions"). */
const API_VERSION = '2022-11-28';

/** The client of a token. octokit is loaded with the first request: a read from fresh files needs none. */
export function createClient(options: ClientOptions): Client {
  const apiUrl = options.apiUrl.replace(/\/+$/, '');
  let loading: Promise<Octokit> | null = null;
  const load = (): Promise<Octokit> => {
    loading ??= loadOctokit({ ...options, apiUrl });
    return loading;
  };
  return {
    apiUrl,
    async request(request) {
      return (await load()).request({ ...request });
    },
    async graphql(query, variables) {
      try {
        return await (await load()).graphql(query, variables);
      } catch (error) {
        throw withoutToken(error, await options.credentials.current());
      }
    },
  };
}

async function loadOctokit(options: ClientOptions): Promise<Octokit> {
  const { createOctokit } = await import('./octokit.ts');
  const octokit = createOctokit(options);
  octokit.hook.wrap('request', async (request, parameters) => {
    const label = `${parameters.method} ${parameters.url}`;
    const send = async (token: string) => {
      const identity = { authorization: `Bearer ${token}`, 'x-github-api-version': API_VERSION };
      try {
        return await request({ ...parameters, headers: { ...parameters.headers, ...identity } });
      } catch (error) {
        if (isRequestError(error) && error.status === 304 && error.response) return error.response;
        throw translateFailure(withoutToken(error, token), label);
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

/** Whoever answers may repeat what was sent to them: the token must not get on from there. */
function withoutToken(error: unknown, token: string): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack = '' } = error;
  return Object.assign(error, { message: redact(message, [token]), stack: redact(stack, [token]) });
}

/** Whether an API is on this host, where neither pacing nor a proxy makes sense. */
export function isLoopback(apiUrl: string): boolean {
  const host = new URL(apiUrl).hostname;
  return host === '[::1]' || /^127\./.test(host) || /(^|\.)localhost$/.test(host);
}
