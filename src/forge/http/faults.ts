import type { Board } from '../shelves.ts';

/** Which requests a fault meets; what is absent meets all. */
export interface FaultScope {
  readonly method?: string;
  /**
   * A route with any names in its braces (`/repos/{owner}/{repo}/issues`, also `/repos/:o/:r/issues`), a
   * literal path (`/repos/acme/app/issues/7`), or an expression over path and query.
   */
  readonly route?: string | RegExp;
  readonly login?: string;
  /** How many requests it meets; endlessly when absent. */
  readonly count?: number;
  /** How many requests it lets pass first. */
  readonly skip?: number;
}

export type FaultEffect =
  | { readonly kind: 'latency'; readonly ms: number }
  | {
      /** Answers so, before anything happened or after it did. */
      readonly kind: 'status' | 'status-after-effect';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Cuts the connection without an answer. */
  | { readonly kind: 'drop' | 'drop-after-effect' }
  /** Sends half of the answer, then cuts the connection. */
  | { readonly kind: 'truncate' }
  /** A complete answer with status 200 that is not JSON. */
  | { readonly kind: 'invalid-json' }
  /** Lists show the records as they were when the fault was added; with `numbers` only those issues. */
  | { readonly kind: 'stale-list'; readonly numbers?: readonly number[] }
  /** 304 to every If-None-Match, whatever changed. */
  | { readonly kind: 'false-304' }
  | { readonly kind: 'primary-limit'; readonly status?: 403 | 429; readonly resetInSeconds?: number }
  | {
      /** Asks about the same request twice, before its effect and after it; only in the forge's own process. */
      readonly kind: 'ask';
      readonly ask: (request: Request, moment: Moment) => Promise<Fate>;
    }
  | {
      readonly kind: 'secondary-limit';
      readonly status?: 403 | 429;
      /** null: without the header. 60 when absent. */
      readonly retryAfterSeconds?: number | null;
    };

export type Moment = 'before' | 'after';

/** Goes on as if there were no fault, or cuts the connection without an answer. */
export type Fate = 'go-on' | 'drop';

export type FaultSpec = FaultScope & FaultEffect;

/** A fault that was added. */
export interface FaultHandle {
  readonly id: number;
  readonly spec: FaultSpec;
  /** How many requests it has met. */
  hits(): number;
  remove(): void;
}

/** The faults of a forge. */
export interface Faults {
  add(spec: FaultSpec): FaultHandle;
  list(): readonly FaultHandle[];
  clear(): void;
}

/** A request as faults see it. */
export interface FaultedRequest {
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly login: string | null;
  readonly conditional: boolean;
}

export interface ActiveFault {
  readonly spec: FaultSpec;
  /** The board when the fault was added; null unless the fault is about stale lists. */
  readonly board: Board | null;
}

interface CountedFault extends ActiveFault {
  readonly handle: FaultHandle;
  /** Requests that it would have met without its `skip`. */
  seen: number;
  hits: number;
}

/** The faults and the function that takes those which meet a request: all delays, and the first other one. */
export function createFaults(
  freeze: () => Board,
): Faults & { take(request: FaultedRequest): { delayMs: number; fault: ActiveFault | null } } {
  let active: CountedFault[] = [];
  let lastId = 0;

  return {
    add(spec) {
      lastId += 1;
      const id = lastId;
      const remove = () => {
        active = active.filter(fault => fault.handle.id !== id);
      };
      const fault: CountedFault = {
        spec,
        board: spec.kind === 'stale-list' ? freeze() : null,
        seen: 0,
        hits: 0,
        handle: { id, spec, hits: () => fault.hits, remove },
      };
      active.push(fault);
      return fault.handle;
    },
    list: () => active.map(({ handle }) => handle),
    clear() {
      active = [];
    },
    take(request) {
      let delayMs = 0;
      let first: ActiveFault | null = null;
      for (const fault of active) {
        if (fault.hits >= (fault.spec.count ?? Number.POSITIVE_INFINITY) || !meets(fault.spec, request))
          continue;
        if (fault.spec.kind !== 'latency' && first !== null) continue;
        fault.seen += 1;
        if (fault.seen <= (fault.spec.skip ?? 0)) continue;
        fault.hits += 1;
        if (fault.spec.kind === 'latency') delayMs += fault.spec.ms;
        else first = fault;
      }
      return { delayMs, fault: first };
    },
  };
}

function meets(spec: FaultSpec, request: FaultedRequest): boolean {
  if (spec.method !== undefined && spec.method.toUpperCase() !== request.method) return false;
  if (spec.login !== undefined && spec.login !== request.login) return false;
  if (spec.kind === 'stale-list' && request.method !== 'GET') return false;
  if (spec.kind === 'false-304' && !request.conditional) return false;
  if (spec.route === undefined) return true;
  if (spec.route instanceof RegExp) return spec.route.test(request.path);
  const [path] = request.path.split('?');
  return spec.route === path || nameless(spec.route) === nameless(request.route);
}

function nameless(route: string): string {
  return route.replace(/:\w+|\{[^}]*\}/g, '{}');
}
