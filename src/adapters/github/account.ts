import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Log } from '../../ports.ts';
import { openSharedFile, type SharedFile, takeLock } from '../snapshots/shared-file.ts';
import { openStore, type SnapshotStore } from '../snapshots/store.ts';
import { type CommentNotes, commentNotesFormat } from './comments.ts';
import { type Begun, begunFormat } from './creations.ts';
import { createGate, type Gate } from './gate.ts';
import { gateFormat } from './gate-state.ts';
import { type KnownLogin, loginFormat } from './login.ts';
import { SWEEP_FILE, type SweepRecord, sweepFormat } from './sweep.ts';

/** What belongs to one token: its gate, whose it is, and the snapshots of what it may see. */
export interface Account {
  /** Digest of the API and the token. */
  readonly id: string;
  readonly gate: Gate;
  readonly login: SharedFile<KnownLogin>;
  readonly comments: SharedFile<CommentNotes>;
  readonly creations: SharedFile<Begun>;
  readonly sweeps: SharedFile<SweepRecord>;
  /** The right to sweep, as what gives it back; `held` while somebody else has it. */
  lockSweep(): Promise<(() => Promise<void>) | 'held'>;
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
  const id = createHash('sha256').update(`${apiUrl}\0${token}`).digest('hex').slice(0, 16);
  const stem = join(options.gatesDir, id);
  const state = openSharedFile({ path: `${stem}.v1.json`, format: gateFormat, readOnly, log });
  const stores = new Map<string, SnapshotStore>();
  const sweepPath = `${stem}${SWEEP_FILE}`;
  return {
    id,
    gate: createGate({ state, clock: options.clock, writeSpacingMs: options.writeSpacingMs }),
    login: openSharedFile({ path: `${stem}.login.v1.json`, format: loginFormat, readOnly, log }),
    comments: openSharedFile({ path: `${stem}.comments.v1.json`, format: commentNotesFormat, readOnly, log }),
    creations: openSharedFile({ path: `${stem}.creations.v1.json`, format: begunFormat, readOnly, log }),
    sweeps: openSharedFile({ path: sweepPath, format: sweepFormat, readOnly, log }),
    async lockSweep() {
      const lock = readOnly ? null : await takeLock(sweepPath, { retries: 0, log });
      return lock ?? (async () => {});
    },
    storeOf(repo) {
      const key = repo.toLowerCase();
      const store = stores.get(key) ?? openStore({ directory, account: id, repo: key, readOnly, log });
      stores.set(key, store);
      return store;
    },
  };
}
