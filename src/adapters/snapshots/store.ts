import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LockOptions, lock } from 'proper-lockfile';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import {
  NEVER_READ,
  parseDocument,
  parseReading,
  type ReadingRecord,
  SNAPSHOT_VERSION,
  type SnapshotDocument,
} from './document.ts';
import { createFileView, replaceFile } from './files.ts';

/** The shared files about one repository, as one token sees it. */
export interface SnapshotStore {
  document(): Promise<SnapshotDocument | null>;
  reading(): Promise<ReadingRecord>;
  /** Reads, changes and replaces the document while nobody else does; no write when nothing changed. */
  change(
    make: (known: SnapshotDocument | null) => SnapshotDocument | null,
  ): Promise<{ readonly document: SnapshotDocument | null; readonly changed: boolean }>;
  note(reading: ReadingRecord): Promise<void>;
  /** The right to refresh; null while another process, or another caller here, has it. */
  lockRefresh(): Promise<(() => Promise<void>) | null>;
}

/** A lock is renewed every second; one whose owner was killed is free after this long. */
const LOCK_STALE_MS = 5_000;

/**
 * The store of a repository in a directory that all processes of this user share. Its files are named
 * after the API, a digest of the token and the repository, so that one token never reads what another saw.
 */
export function openStore(options: {
  readonly directory: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly repo: string;
  /** Write nothing: what is read stays in memory. */
  readonly readOnly: boolean;
  readonly log: Log;
}): SnapshotStore {
  const { directory, readOnly, log } = options;
  const base = join(directory, fileStem(options));
  const documentPath = `${base}.json`;
  const readingPath = `${base}.read.json`;
  const documentView = createFileView(documentPath, parseDocument);
  const readingView = createFileView(readingPath, parseReading);
  // Stand in for the files when the disk is full or read-only: the repository is still read, for us alone.
  let unsaved: SnapshotDocument | null = null;
  let unsavedReading: ReadingRecord | null = null;

  async function save(path: string, value: unknown): Promise<boolean> {
    if (readOnly) return false;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await replaceFile(path, `${JSON.stringify(value)}\n`);
      return true;
    } catch (error) {
      log.warn('could not save a snapshot; reading for this process alone', { problem: messageOf(error) });
      return false;
    }
  }

  async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (readOnly) return work();
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch(() => {});
    const release = await lock(path, { ...lockOptions(path), retries: WRITE_RETRIES }).catch(
      (error: unknown) => {
        log.warn('could not lock a snapshot', { problem: messageOf(error) });
        return null;
      },
    );
    try {
      return await work();
    } finally {
      await release?.().catch(() => {});
    }
  }

  const lockOptions = (path: string): LockOptions => ({
    realpath: false,
    lockfilePath: `${path}.lock`,
    stale: LOCK_STALE_MS,
    update: 1_000,
    onCompromised: error => log.debug('lost a snapshot lock', { problem: error.message }),
  });

  const document = async () => unsaved ?? (await documentView());

  return {
    document,
    async reading() {
      return unsavedReading ?? (await readingView()) ?? NEVER_READ;
    },
    change: make =>
      locked(documentPath, async () => {
        const known = await document();
        const next = make(known);
        if (next === null || next === known || JSON.stringify(next) === JSON.stringify(known)) {
          return { document: known, changed: false };
        }
        unsaved = (await save(documentPath, next)) ? null : next;
        return { document: next, changed: true };
      }),
    async note(reading) {
      unsavedReading = (await save(readingPath, reading)) ? null : reading;
    },
    async lockRefresh() {
      if (readOnly) return async () => {};
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch(() => {});
      try {
        const release = await lock(readingPath, lockOptions(readingPath));
        return () => release().catch(() => {});
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return null;
        log.warn('could not lock a snapshot', { problem: messageOf(error) });
        return async () => {};
      }
    },
  };
}

/** The write lock is held for milliseconds only; the last tries outlive a killed owner's lock. */
const WRITE_RETRIES = { retries: 60, factor: 1.2, minTimeout: 5, maxTimeout: 200, randomize: true };

function fileStem(key: { apiUrl: string; token: string; repo: string }): string {
  const repo = key.repo.toLowerCase();
  const secret = createHash('sha256').update(`${key.apiUrl}\0${key.token}\0${repo}`).digest('hex');
  return `${repo.replace('/', '_')}.${secret.slice(0, 16)}.v${SNAPSHOT_VERSION}`;
}
