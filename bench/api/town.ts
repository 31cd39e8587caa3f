import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBoard, type GitHubBoard } from '../../src/adapters/github/board.ts';
import type { Watch } from '../../src/adapters/github/snapshot-reader.ts';
import { type Forge, startForge } from '../../src/forge/index.ts';
import type { Clock } from '../../src/ports.ts';

const USERS = [
  { login: 'bot', token: 'bench-token' },
  { login: 'person', token: 'person-token' },
];

/** A forge on a clock that is moved by hand, the real boards of workers on it, and a person who edits issues. */
export interface Town {
  readonly forge: Forge;
  readonly dir: string;
  readonly now: () => number;
  readonly setNow: (ms: number) => void;
  readonly boardOf: (options: { readonly watch: Watch; readonly reader: string }) => GitHubBoard;
  readonly edit: (repo: string, number: number, change: object) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openTown(): Promise<Town> {
  const dir = await mkdtemp(path.join(tmpdir(), 'harness-bench-'));
  const forge = await startForge({ root: path.join(dir, 'forge'), users: USERS });
  let now = Date.now();
  const clock: Clock = { now: () => now, monotonic: () => now, nonce: () => 'nonce' };
  const setNow = (ms: number) => {
    now = ms;
    forge.clock.set(ms);
    // Limits are not what is measured.
    forge.limits.set({ login: 'bot', remaining: 5_000, resetInSeconds: 3_600 });
    forge.limits.set({ login: 'person', remaining: 5_000, resetInSeconds: 3_600 });
  };
  setNow(now);
  return {
    forge,
    dir,
    now: () => now,
    setNow,
    boardOf: ({ watch, reader }) =>
      createBoard({
        apiUrl: forge.apiUrl,
        token: async () => 'bench-token',
        snapshotsDir: path.join(dir, 'snapshots'),
        gatesDir: path.join(dir, 'gates'),
        readOnly: false,
        planned: false,
        workflow: true,
        spec: '',
        base: '',
        reader,
        watch,
        clock,
        log: { debug: () => {}, info: () => {}, warn: message => console.log(`  warning: ${message}`) },
        fetch,
      }),
    async edit(repo, number, change) {
      const answer = await fetch(`${forge.apiUrl}/repos/${repo}/issues/${number}`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer person-token' },
        body: JSON.stringify(change),
      });
      if (!answer.ok) throw new Error(`The forge answered ${answer.status}.`);
      await answer.arrayBuffer();
    },
    async close() {
      await forge.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
