import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LockOptions, lock } from 'proper-lockfile';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import { type LineFormat, readLines, writeLines } from './lines.ts';

/** A file of JSON lines that all processes of this user read and replace. */
export interface SharedFile<T> {
  /** null when there is none, or nothing that this version can read. */
  read(): T | null;
  /** Reads, changes and replaces it while nobody else does; null, or what was there, is not written. */
  change(
    make: (known: T | null) => T | null,
  ): Promise<{ readonly value: T | null; readonly changed: boolean }>;
  /** Replaces it without asking what is there. */
  replace(value: T): void;
}

/** A lock is renewed every second; one whose owner was killed is free after this long. */
const LOCK_STALE_MS = 3_000;

/** The lock is held for milliseconds; the last tries outlive one whose owner was killed. */
const RETRIES = { retries: 60, factor: 1.2, minTimeout: 5, maxTimeout: 200, randomize: true };

/**
 * Opens a shared file. What cannot be saved (a full disk, or `readOnly`) stands in for the file in this
 * process, so that only the sharing is lost.
 */
export function openSharedFile<T>(options: {
  readonly path: string;
  readonly format: LineFormat<T>;
  readonly readOnly: boolean;
  readonly log: Log;
}): SharedFile<T> {
  const { path, format, readOnly, log } = options;
  let seen: { readonly identity: string; readonly value: T | null } | null = null;
  let unsaved: { readonly value: T } | null = null;

  function read(): T | null {
    if (unsaved !== null) return unsaved.value;
    const identity = identityOf(path);
    if (identity === null) return null;
    if (seen?.identity !== identity) seen = { identity, value: decodeFile(path, format) };
    return seen.value;
  }

  function replace(value: T): void {
    unsaved = { value };
    if (readOnly) return;
    try {
      makeDirectory(path);
      writeLines(path, format.encode(value));
      seen = { identity: identityOf(path) ?? '', value };
      unsaved = null;
    } catch (error) {
      log.warn('could not save a shared file; this process goes on alone', {
        path,
        problem: messageOf(error),
      });
    }
  }

  return {
    read,
    replace,
    async change(make) {
      const release = readOnly ? null : await takeLock(path, { retries: RETRIES, log });
      try {
        for (;;) {
          const before = identityOf(path);
          const known = read();
          const value = make(known);
          if (value === null || value === known) return { value: known, changed: false };
          // Stopped or asleep for so long that others had the lock: what was made of the old content is void.
          if (unsaved === null && identityOf(path) !== before) continue;
          replace(value);
          return { value, changed: true };
        }
      } finally {
        if (typeof release === 'function') await release();
      }
    },
  };
}

/**
 * Takes the lock beside a file. `held` when somebody else has it; null when there can be no lock here, and
 * then the caller goes on without: what the lock protects is checked again by what it leads to.
 */
export async function takeLock(
  path: string,
  options: { readonly retries: LockOptions['retries']; readonly log: Log },
): Promise<(() => Promise<void>) | 'held' | null> {
  try {
    makeDirectory(path);
    const release = await lock(path, {
      realpath: false,
      lockfilePath: `${path}.lock`,
      stale: LOCK_STALE_MS,
      update: 1_000,
      retries: options.retries ?? 0,
      onCompromised: error => options.log.debug('lost a lock', { path, problem: error.message }),
    });
    return () => release().catch(() => {});
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return 'held';
    options.log.warn('could not lock a shared file', { path, problem: messageOf(error) });
    return null;
  }
}

const makeDirectory = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
};

/** Differs whenever another file has taken the place; null when there is none that could be looked at. */
function identityOf(path: string): string | null {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return null;
  }
}

/** One that is gone by now, unreadable or garbled counts as none: the next one to write replaces it. */
function decodeFile<T>(path: string, format: LineFormat<T>): T | null {
  try {
    return format.decode(readLines(path));
  } catch {
    return null;
  }
}
