import type { ForgeClock } from './clock.ts';
import { stamp } from './clock.ts';
import type { AccountRecord } from './records.ts';
import type { Store } from './store.ts';

/** A login that may sign in. */
export interface ForgeUser {
  readonly login: string;
  readonly token: string;
  /** What `X-OAuth-Scopes` says; null for a fine-grained token, which has no such header. */
  readonly scopes?: readonly string[] | null;
}

/** Who is who: tokens live in memory only, logins and their ids on disk. */
export interface Accounts {
  /** null: no such token. */
  userOf(token: string): ForgeUser | null;
  isUser(login: string): boolean;
  /** The account of a login, made when it is mentioned for the first time. */
  named(login: string): AccountRecord;
  /** The account of a repository's owner: an organisation, unless it is one of the users. */
  owner(login: string): AccountRecord;
  /** Makes a token mean a login from now on, beside the ones that are known. */
  add(user: ForgeUser): void;
  /** Forgets a token; requests with it are answered 401. */
  revoke(token: string): void;
}

/** Accounts of the given users, and of whoever is mentioned beside them. */
export function createAccounts(parts: {
  store: Store;
  clock: ForgeClock;
  users: readonly ForgeUser[];
}): Accounts {
  const { store, clock } = parts;
  const byToken = new Map<string, ForgeUser>();
  const logins = new Set<string>();
  const isUser = (login: string) => logins.has(login.toLowerCase());

  const register = (login: string, type: AccountRecord['type']) =>
    store.putAccount({ id: store.nextId(), login, type, createdAt: stamp(clock) });

  const accounts: Accounts = {
    userOf: token => byToken.get(token) ?? null,
    isUser,
    named: login => store.account(login) ?? register(login, 'User'),
    owner: login => store.account(login) ?? register(login, isUser(login) ? 'User' : 'Organization'),
    add(user) {
      byToken.set(user.token, user);
      logins.add(user.login.toLowerCase());
      const account = accounts.named(user.login);
      if (account.type !== 'User') store.putAccount({ ...account, type: 'User' });
    },
    revoke(token) {
      byToken.delete(token);
    },
  };
  for (const user of parts.users) accounts.add(user);
  return accounts;
}
