import type { Counts } from '../snapshots/spending.ts';

/** All requests, and those about single repositories by `owner/name` in lower case. */
export interface RequestTally {
  readonly all: Counts;
  readonly repos: Readonly<Record<string, Counts>>;
}

export const NO_REQUESTS: Counts = { requests: 0, notModified: 0, points: 0 };

/** Adds one request about a repository or none; `status` is 0 without an answer, which costs nothing known. */
export function countRequest(
  tally: RequestTally,
  { repo, status }: { readonly repo: string | null; readonly status: number },
): RequestTally {
  const all = add(tally.all, status);
  if (repo === null) return { ...tally, all };
  const key = repo.toLowerCase();
  return { all, repos: { ...tally.repos, [key]: add(tally.repos[key] ?? NO_REQUESTS, status) } };
}

/** Which repository a request is about: by its path, or by the variables of its GraphQL query. */
export function repoOf(pathname: string, body: unknown): string | null {
  const found = /\/repos\/([^/]+\/[^/]+)(?:\/|$)/.exec(pathname)?.[1];
  if (found !== undefined || !pathname.endsWith('/graphql') || typeof body !== 'string') return found ?? null;
  const { variables } = JSON.parse(body) as { variables?: { owner?: string; name?: string } };
  return variables?.owner && variables.name ? `${variables.owner}/${variables.name}` : null;
}

/** What was added between two counts. */
export const countsBetween = (before: Counts, after: Counts): Counts => ({
  requests: after.requests - before.requests,
  notModified: after.notModified - before.notModified,
  points: after.points - before.points,
});

/** A 304 costs nothing; every other answer a point (GitHub docs, "Rate limits"). */
function add(counts: Counts, status: number): Counts {
  return {
    requests: counts.requests + 1,
    notModified: counts.notModified + (status === 304 ? 1 : 0),
    points: counts.points + (status === 304 || status === 0 ? 0 : 1),
  };
}
