import * as z from 'zod';
import type { Clock } from '../../ports.ts';
import type { Client } from './client.ts';
import { headerOf, parseBody, statusOf } from './failure.ts';
import { type RepositoryFacts, readRepositoryFacts } from './repository-facts.ts';

/** What GitHub tells about a token, a repository and itself. */
export interface Diagnosis {
  readonly login: string;
  readonly latencyMs: number;
  /** How far this host's clock is ahead of GitHub's, to within a second; null when GitHub did not say. */
  readonly skewMs: number | null;
  /** Of a classic or OAuth token; null for one whose permissions are fine-grained. */
  readonly scopes: readonly string[] | null;
  /** null where the server has no limits. */
  readonly limits: readonly RateLimit[] | null;
  /** null when none was asked about, or there is none for this token to see. */
  readonly repository: RepositoryFacts | null;
  readonly abilities: readonly Ability[];
}

export interface RateLimit {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since the epoch. */
  readonly resetAt: number;
}

/** Something that the engine reads, and whether the token may; `needs` is GitHub's name of the permission. */
export interface Ability {
  readonly what: string;
  readonly verdict: 'allowed' | 'refused' | 'unknown';
  readonly needs: string | null;
}

const User = z.object({ login: z.string() });

/** Asks GitHub about the token in use and, unless it is null, a repository. Throws when the token is of no use. */
export async function diagnose(client: Client, repo: string | null, clock: Clock): Promise<Diagnosis> {
  const [sentAt, startedAt] = [clock.now(), clock.monotonic()];
  const answer = await client.request({ method: 'GET', url: '/user' });
  const latencyMs = clock.monotonic() - startedAt;
  const { login } = parseBody(User, answer.data, 'GET /user');
  const serverAt = Date.parse(String(answer.headers.date ?? ''));
  const scopes = answer.headers['x-oauth-scopes'];
  const repository = repo === null ? null : await readRepositoryFacts(client, repo);
  return {
    login,
    latencyMs: Math.round(latencyMs),
    skewMs: Number.isNaN(serverAt) ? null : Math.round(sentAt + latencyMs / 2 - serverAt),
    scopes: scopes === undefined ? null : listOf(String(scopes)),
    limits: await readLimits(client),
    repository,
    abilities: repository === null ? [] : await readAbilities(client, repository),
  };
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');

const Limit = z.object({ limit: z.int(), remaining: z.int(), reset: z.int() });
const Limits = z.object({ resources: z.object({ core: Limit, graphql: Limit }) });

/** Asking is free; 404 is the answer of a server that has limits switched off. */
async function readLimits(client: Client): Promise<readonly RateLimit[] | null> {
  try {
    const answer = await client.request({ method: 'GET', url: '/rate_limit' });
    const { core, graphql } = parseBody(Limits, answer.data, 'GET /rate_limit').resources;
    const limitOf = (name: string, { limit, remaining, reset }: z.infer<typeof Limit>) => ({
      name,
      limit,
      remaining,
      resetAt: reset * 1000,
    });
    return [limitOf('REST', core), limitOf('GraphQL', graphql)];
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** What each part of the engine reads. Writing shows in no read: only trying tells. */
const READS: readonly { readonly what: string; readonly path: (branch: string) => string }[] = [
  { what: 'read issues', path: () => 'issues?per_page=1' },
  { what: 'read pull requests', path: () => 'pulls?per_page=1' },
  { what: 'read branches', path: () => 'git/matching-refs/heads/issue/' },
  { what: 'see commit statuses', path: branch => `commits/${branch}/status` },
  { what: 'see check runs', path: branch => `commits/${branch}/check-runs?per_page=1` },
];

function readAbilities(client: Client, repository: RepositoryFacts): Promise<readonly Ability[]> {
  const branch = encodeURIComponent(repository.default_branch);
  return Promise.all(
    READS.map(async ({ what, path }): Promise<Ability> => {
      try {
        await client.request({ method: 'GET', url: `/repos/${repository.full_name}/${path(branch)}` });
        return { what, verdict: 'allowed', needs: null };
      } catch (error) {
        const needs = headerOf(error, 'x-accepted-github-permissions');
        return { what, verdict: statusOf(error) === 403 ? 'refused' : 'unknown', needs };
      }
    }),
  );
}
