/** Requests to GitHub and what they cost. */
export interface RequestCounts {
  readonly requests: number;
  /** Answers 304, which cost nothing. */
  readonly notModified: number;
  /** Points of the primary rate limits: one for every other answer. */
  readonly points: number;
}

/** All requests, and those about single repositories by `owner/name` in lower case. */
export interface RequestTally {
  readonly all: RequestCounts;
  readonly repos: Readonly<Record<string, RequestCounts>>;
}

export const NO_REQUESTS: RequestCounts = { requests: 0, notModified: 0, points: 0 };

/** Adds one request; `status` is 0 when there was no answer, which costs nothing that is known of. */
export function countRequest(tally: RequestTally, pathname: string, status: number): RequestTally {
  const repo = /\/repos\/([^/]+\/[^/]+)(?:\/|$)/.exec(pathname)?.[1]?.toLowerCase();
  if (repo === undefined) return { ...tally, all: add(tally.all, status) };
  const repos = { ...tally.repos, [repo]: add(tally.repos[repo] ?? NO_REQUESTS, status) };
  return { all: add(tally.all, status), repos };
}

function add(counts: RequestCounts, status: number): RequestCounts {
  return {
    requests: counts.requests + 1,
    notModified: counts.notModified + (status === 304 ? 1 : 0),
    points: counts.points + (status === 304 || status === 0 ? 0 : 1),
  };
}
