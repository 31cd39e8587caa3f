import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { ForgeUser } from '../accounts.ts';
import type { Parts } from '../parts.ts';
import type { View } from '../shapes/view.ts';
import type { Board } from '../shelves.ts';

/** What a request carries through the middlewares. */
export interface ForgeEnvironment {
  Bindings: HttpBindings;
  Variables: {
    /** null: anonymous, or with a token that is unknown. */
    user: ForgeUser | null;
    /** Path and query, without the prefix that GitHub Enterprise has. */
    path: string;
    /** The connection was cut by a fault. */
    dropped: boolean;
    /** Lists are read from here; it is an old board while a fault makes lists stale. */
    board: Board;
    /** GitHub's name of the route, `/repos/{owner}/{repo}/issues`. */
    route: string;
    /** Rate-limit points that the request has cost. */
    cost: number;
    /** Points that a GraphQL query sets for itself. */
    graphqlCost: number;
  };
}

export type ForgeContext = Context<ForgeEnvironment>;

/** The login that asks; null when it is anonymous. */
export function loginOf(c: ForgeContext): string | null {
  return c.get('user')?.login ?? null;
}

/** What answers are drawn from: the records as they are now. */
export function viewOf(c: ForgeContext, parts: Parts): View {
  return { url: parts.url, board: parts.store, accounts: parts.accounts, login: loginOf(c) };
}

/** The same for a list, which may be stale. */
export function listViewOf(c: ForgeContext, parts: Parts): View {
  return { ...viewOf(c, parts), board: c.get('board') };
}

/** A part of the path; the route guarantees that it is there. */
export function pathPart(c: ForgeContext, name: string): string {
  return c.req.param(name) ?? '';
}
