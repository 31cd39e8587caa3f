import { mkdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type LockOptions, lock } from 'proper-lockfile';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import { writeAtomic } from '../atomic-file.ts';

/** A JSON file that all processes of this user read and replace. */
export interface SharedFile<T> {
  /** null when there is none, or nothing that this version can read. */
  read(): Promise<T | null>;
  /** Reads, changes and replaces it while nobody else does; what `make` returns unchanged is not written. */
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
  readonly parse: (text: string) => T | null;
  readonly readOnly: boolean;
  readonly log: Log;
}): SharedFile<T> {
  const { path, parse, readOnly, log } = options;
  let seen: { readonly identity: string; readonly value: T | null } | null = null;
  let unsaved: { readonly value: T | null } | null = null;

  async function read(): Promise<T | null> {
    if (unsaved !== null) return unsaved.value;
    const identity = identityOf(path);
    if (identity === null) return null;
    if (seen?.identity !== identity) seen = { identity, value: parse(await readText(path)) };
    return seen.value;
  }

  function replace(value: T | null): void {
    unsaved = { value };
    if (readOnly) return;
    try {
      makeDirectory(path);
      writeAtomic(path, `${JSON.stringify(value)}\n`);
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
        const known = await read();
        const value = make(known);
        const changed = value !== known;
        if (changed) replace(value);
        return { value, changed };
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

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Gone or unreadable since it was looked at: like none.
    return '';
  }
}
