import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type BoardOptions, createBoard, type GitHubBoard } from '../../../src/adapters/github/board.ts';
import type { FaultEffect } from '../../../src/forge/index.ts';
import type { Clock, Log } from '../../../src/ports.ts';
import { makeTempDir } from '../../helpers/temp.ts';

/** A clock that can be moved: real time plus an offset. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function aClock(): MovableClock {
  let offset = 0;
  let nonces = 0;
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now() + offset,
    nonce: () => `nonce-${++nonces}`,
    advance(ms) {
      offset += ms;
    },
  };
}

/** A log that keeps its lines. */
export function aLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep =
    (level: string): Log['debug'] =>
    (message, facts) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
    };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn') };
}

/** A directory for snapshots whose parent is gone after the test. */
export function aSnapshotsDir(): string {
  return join(makeTempDir(), 'snapshots');
}

/** Nothing else is looked at on this host. */
export const ALONE: BoardOptions['watch'] = { need: () => {}, watched: () => [] };

/** A board on an API, as `acme` unless another token is given. */
export function aBoard(api: { readonly apiUrl: string }, options: Partial<BoardOptions> = {}): GitHubBoard {
  const snapshotsDir = options.snapshotsDir ?? aSnapshotsDir();
  return createBoard({
    apiUrl: api.apiUrl,
    token: async () => 'token-acme',
    snapshotsDir,
    gatesDir: join(snapshotsDir, '..', 'gates'),
    readOnly: false,
    reader: 'w1 of /app',
    planned: false,
    workflow: false,
    spec: '',
    base: '',
    fetch,
    watch: ALONE,
    clock: aClock(),
    log: aLog(),
    ...options,
  });
}

/** Reads past every cache. */
export const NOW = { maxAgeMs: 0 };

/** Runs something when the test is over, whatever happened. */
export const afterwards = (clean: () => unknown): void => {
  onTestFinished(async () => {
    await clean();
  });
};

/** Every way in which an answer can get lost, before and after the request took effect; a portal answers 200 itself. */
export const LOST: readonly FaultEffect[] = [
  { kind: 'status', status: 502 },
  { kind: 'status', status: 200 },
  { kind: 'status-after-effect', status: 502 },
  { kind: 'drop' },
  { kind: 'drop-after-effect' },
  { kind: 'truncate' },
  { kind: 'invalid-json' },
];
