/** One request that the forge has answered, or dropped. */
export interface RequestEntry {
  readonly method: string;
  /** `/repos/{owner}/{repo}/issues`, as in GitHub's description; git's are `/{owner}/{repo}/git-receive-pack` … */
  readonly route: string;
  /** With the query. */
  readonly path: string;
  /** 0: the connection was dropped without an answer. */
  readonly status: number;
  readonly login: string | null;
  /** Milliseconds since the epoch on the forge's clock. */
  readonly at: number;
  /** Milliseconds until the answer was ready. */
  readonly ms: number;
  readonly rateLimitCost: number;
  /** Answered 304 to an If-None-Match. */
  readonly conditional304: boolean;
}

/** Which entries to count; what is absent matches all. */
export interface RequestFilter {
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly login?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number;
}

/** The requests since the start, newest last. */
export interface RequestLog {
  all(filter?: RequestFilter): readonly RequestEntry[];
  count(filter?: RequestFilter): number;
  /** Rate-limit points. */
  cost(filter?: RequestFilter): number;
  /** How often each `METHOD route` was asked. */
  byRoute(): Readonly<Record<string, number>>;
  clear(): void;
}

const CAPACITY = 100_000;

/** An empty log and the function that writes it; beyond 100,000 entries the oldest go. */
export function createRequestLog(): RequestLog & { add(entry: RequestEntry): void } {
  let entries: RequestEntry[] = [];
  const all = (filter: RequestFilter = {}) => entries.filter(entry => matches(entry, filter));
  return {
    all,
    count: filter => all(filter).length,
    cost: filter => all(filter).reduce((sum, entry) => sum + entry.rateLimitCost, 0),
    byRoute() {
      const counts: Record<string, number> = {};
      for (const { method, route } of entries) {
        const key = `${method} ${route}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    },
    clear() {
      entries = [];
    },
    add(entry) {
      entries.push(entry);
      if (entries.length > CAPACITY * 1.1) entries = entries.slice(-CAPACITY);
    },
  };
}

function matches(entry: RequestEntry, { since, ...exact }: RequestFilter): boolean {
  if (since !== undefined && entry.at < since) return false;
  return Object.entries(exact).every(([key, value]) => entry[key as keyof typeof exact] === value);
}
