import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from './atomic-file.ts';

/** The directory in which a fleet's processes tell each other that something has happened. */
export function eventsDir(runDir: string): string {
  return join(runDir, 'events');
}

/** Wakes the fleet's workers. `reason` is one line for people. A bell that nobody hears costs only time. */
export function ringBell(runDir: string, reason: string): void {
  mkdirSync(eventsDir(runDir), { recursive: true, mode: 0o700 });
  writeAtomic(bellFile(runDir), `${randomBytes(8).toString('hex')} ${reason}\n`);
}

/** The last stroke: `stroke` differs from one to the next and is empty when there was none. */
export function readBell(runDir: string): { readonly stroke: string; readonly reason: string } {
  try {
    const [stroke = '', ...reason] = readFileSync(bellFile(runDir), 'utf8').trim().split(' ');
    return { stroke, reason: reason.join(' ') };
  } catch {
    return { stroke: '', reason: '' };
  }
}

const bellFile = (runDir: string) => join(eventsDir(runDir), 'bell');
