import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A directory that is gone after the test. Its path is short: a socket's may not exceed 107 bytes. */
export function makeTempDir(): string {
  const dir = mkdtempSync('/tmp/hz-');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

type Found<T> = Exclude<T, null | undefined | false>;

/** Waits until `probe` returns something other than null, undefined or false. */
export async function waitFor<T>(probe: () => T | Promise<T>, limitMs = 15_000): Promise<Found<T>> {
  const startedAt = performance.now();
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value as Found<T>;
    if (performance.now() - startedAt > limitMs) throw new Error(`Waited in vain: ${probe}`);
    await pause(10);
  }
}
