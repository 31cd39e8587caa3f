import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { plainText } from '../../core/plain-text.ts';
import { redact } from '../../core/redact.ts';

/** The log of a session: what its agent wrote, as plain text without secrets, head and tail of a given size. */
export interface CappedLog {
  /** Takes a piece of output; it is written with the end of its line. */
  write(chunk: Buffer): void;
  /** Writes an unfinished line as it stands. */
  flush(): void;
  /** Makes the file anew if somebody deleted it. */
  restore(): void;
  close(): void;
}

/** Never throws for a full disk: what could not be written is missing, and the session goes on. */
export function openCappedLog(options: {
  readonly path: string;
  /** Largest size of the file in bytes. */
  readonly cap: number;
  readonly secrets: readonly string[];
}): CappedLog {
  const { path, cap, secrets } = options;
  const decoder = new StringDecoder('utf8');
  let file = open(path);
  let pending = '';

  const append = (text: string) => {
    if (text === '') return;
    const bytes = Buffer.from(redact(plainText(text), secrets));
    attempt(() => {
      if (fstatSync(file).size + bytes.length > cap) keepHeadAndTail(file, cap);
      writeSync(file, bytes.length > cap / 4 ? bytes.subarray(-cap / 4) : bytes);
    });
  };
  const flush = () => {
    append(pending);
    pending = '';
  };

  return {
    write: chunk => {
      pending += decoder.write(chunk);
      const end = pending.lastIndexOf('\n') + 1;
      append(pending.slice(0, end));
      pending = pending.slice(end);
      if (pending.length > LONGEST_LINE) flush();
    },
    flush,
    restore: () => {
      if (existsSync(path)) return;
      attempt(() => {
        closeSync(file);
        file = open(path);
      });
    },
    close: () => {
      pending += decoder.end();
      flush();
      attempt(() => closeSync(file));
    },
  };
}

const LONGEST_LINE = 64 * 1024;

function open(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'a+', 0o600);
}

/** Shortens a file that has reached `cap` to its first and its last quarter, in place. */
function keepHeadAndTail(file: number, cap: number): void {
  const { size } = fstatSync(file);
  const quarter = Math.floor(cap / 4);
  const tail = Buffer.alloc(quarter);
  const length = readSync(file, tail, 0, quarter, Math.max(0, size - quarter));
  // From the first whole line, so that no character is cut in two.
  const kept = tail.subarray(tail.indexOf('\n') + 1, length);
  ftruncateSync(file, quarter);
  writeSync(file, '\n[… output left out …]\n');
  writeSync(file, kept);
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // A full disk must not end the agent, whose commits and outcome are elsewhere.
  }
}
