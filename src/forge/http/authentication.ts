import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Accounts, ForgeUser } from '../accounts.ts';
import type { ForgeClock } from '../clock.ts';
import type { ForgeEnvironment } from './environment.ts';
import { ApiFailure } from './failures.ts';

/** Finds out who asks, for the log, the faults and the routes. It refuses nobody. */
export function identify(accounts: Accounts): MiddlewareHandler<ForgeEnvironment> {
  return async (c, next) => {
    const user = userFrom(accounts, c.req.header('authorization'));
    c.set('user', user === 'unknown' ? null : user);
    await next();
  };
}

/** The API refuses a token that it does not know, and tells the scopes of one that it does, and its time. */
export function authenticate(clock: ForgeClock): MiddlewareHandler<ForgeEnvironment> {
  return async (c, next) => {
    const user = c.get('user');
    c.header('date', new Date(clock.now()).toUTCString());
    c.header('x-github-media-type', 'github.v3; format=json');
    c.header('x-github-request-id', randomUUID());
    if (user === null && c.req.header('authorization') !== undefined)
      throw new ApiFailure(401, 'Bad credentials');
    if (user !== null && user.scopes !== null) {
      c.header('x-oauth-scopes', (user.scopes ?? DEFAULT_SCOPES).join(', '));
      c.header('x-accepted-oauth-scopes', '');
    }
    await next();
  };
}

/** The user of an Authorization header: `token`, `Bearer`, or Basic with the token as the password. */
function userFrom(accounts: Accounts, header: string | undefined): ForgeUser | null | 'unknown' {
  if (header === undefined) return null;
  const [scheme = '', credentials = ''] = header.split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case 'token':
    case 'bearer':
      return accounts.userOf(credentials) ?? 'unknown';
    case 'basic':
      return userOfBasic(accounts, credentials) ?? 'unknown';
    default:
      return 'unknown';
  }
}

const DEFAULT_SCOPES = ['repo', 'workflow', 'read:org'];

/** git sends the token as the password, and some clients as the name. */
function userOfBasic(accounts: Accounts, credentials: string): ForgeUser | null {
  const [name = '', password = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 2);
  return accounts.userOf(password) ?? accounts.userOf(name);
}
