import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Log } from '../../ports.ts';
import { openSharedFile, type SharedFile } from '../snapshots/shared-file.ts';
import { openStore, type SnapshotStore } from '../snapshots/store.ts';
import { createGate, type Gate } from './gate.ts';
import { gateFormat } from './gate-state.ts';
import { type KnownLogin, loginFormat } from './login.ts';

/** What belongs to one token: its gate, whose it is, and the snapshots of what it may see. */
export interface Account {
  readonly gate: Gate;
  readonly login: SharedFile<KnownLogin>;
  storeOf(repo: string): SnapshotStore;
}

/** The accounts of the tokens that this process has used; another token may see less, so it has its own. */
export function createAccounts(options: {
  readonly apiUrl: string;
  readonly snapshotsDir: string;
  readonly gatesDir: string;
  readonly readOnly: boolean;
  readonly writeSpacingMs: number;
  readonly clock: Clock;
  readonly log: Log;
}): (token: string) => Account {
  const accounts = new Map<string, Account>();
  return token => {
    const known = accounts.get(token);
    if (known !== undefined) return known;
    const account = openAccount(token, options);
    accounts.set(token, account);
    return account;
  };
}

function openAccount(token: string, options: Parameters<typeof createAccounts>[0]): Account {
  const { apiUrl, readOnly, log } = options;
  const directory = options.snapshotsDir;
  const digest = createHash('sha256').update(`${apiUrl}\0${token}`).digest('hex').slice(0, 16);
  const stem = join(options.gatesDir, digest);
  const state = openSharedFile({ path: `${stem}.v1.json`, format: gateFormat, readOnly, log });
  const stores = new Map<string, SnapshotStore>();
  return {
    gate: createGate({ state, clock: options.clock, writeSpacingMs: options.writeSpacingMs }),
    login: openSharedFile({ path: `${stem}.login.v1.json`, format: loginFormat, readOnly, log }),
    storeOf(repo) {
      const key = repo.toLowerCase();
      const store = stores.get(key) ?? openStore({ directory, account: digest, repo: key, readOnly, log });
      stores.set(key, store);
      return store;
    },
  };
}
