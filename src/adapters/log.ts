import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { redact } from '../core/redact.ts';
import { messageOf } from '../errors.ts';
import type { Clock, Facts, Log } from '../ports.ts';

export interface LogOptions {
  /** `<runDir>/logs/worker-1.log`: one JSON object per line, `at`, `level`, `message` and the facts. */
  readonly path: string;
  /** Takes one line for people at a time. */
  readonly sink: (line: string) => void;
  /** Debug messages count too. */
  readonly isVerbose: boolean;
  /** Values that must not be in the log. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
}

/** Logs to a file and to people. Never throws: when the file can't be written, people are told so once. */
export function createLog(options: LogOptions): Log {
  let isBroken = false;
  const write = (level: 'debug' | 'info' | 'warn', message: string, facts: Facts = {}) => {
    if (level === 'debug' && !options.isVerbose) return;
    const at = new Date(options.clock.now()).toISOString();
    options.sink(redact(forPeople(at, level, message, facts), options.secrets));
    try {
      append(options.path, redact(JSON.stringify({ at, level, message, ...facts }), options.secrets));
      isBroken = false;
    } catch (error) {
      if (!isBroken) options.sink(`${at} warn  The log can't be written: ${messageOf(error)}`);
      isBroken = true;
    }
  };
  return {
    debug: (message, facts) => write('debug', message, facts),
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
  };
}

function forPeople(at: string, level: string, message: string, facts: Facts): string {
  const pairs = Object.entries(facts).map(([name, value]) => `${name}=${[value].flat().join(',')}`);
  return [at, level.padEnd(5), message, ...pairs].join(' ').replaceAll(/\p{Cc}+/gu, ' ');
}

/** The directory may have been deleted while the worker runs. */
function append(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}

const ROTATE_BYTES = 20 * 1024 * 1024;
