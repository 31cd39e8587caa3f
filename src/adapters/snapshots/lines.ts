import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { z } from 'zod';

/** How a value is kept in a file: lines of JSON, so that a large one is never in memory as one text. */
export interface LineFormat<T> {
  encode(value: T): Iterable<unknown>;
  /** null for what this version cannot read. */
  decode(lines: Iterable<unknown>): T | null;
}

/** A value that is small enough for one line. */
export function oneLine<T>(shape: z.ZodType<T>): LineFormat<T> {
  return {
    encode: value => [value],
    decode(lines) {
      for (const line of lines) {
        const parsed = shape.safeParse(line);
        return parsed.success ? parsed.data : null;
      }
      return null;
    },
  };
}

const CHUNK = 256 * 1024;

/** Replaces a file in one step, readable by its owner only: readers see the old lines or the new, never half. */
export function writeLines(path: string, lines: Iterable<unknown>): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      let pending = '';
      for (const line of lines) {
        pending += `${JSON.stringify(line)}\n`;
        if (pending.length < CHUNK) continue;
        writeFileSync(file, pending);
        pending = '';
      }
      writeFileSync(file, pending);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The lines of a file, parsed one by one. Throws for one that is not JSON and for a file that is not there. */
export function* readLines(path: string): Generator<unknown> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const decoder = new StringDecoder('utf8');
    let pending = '';
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const lines = (pending + decoder.write(chunk.subarray(0, size))).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
    // A last line without its end was cut off.
    if (pending !== '') throw new SyntaxError('the last line has no end');
  } finally {
    closeSync(file);
  }
}
