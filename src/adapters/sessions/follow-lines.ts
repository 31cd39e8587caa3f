import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Hands on the whole lines of a file that grows, each one once. */
export interface LineFollower {
  /** Reads what has been added since the last call. A file that is not there has nothing. */
  catchUp(): void;
}

/** Begins behind the first `from` bytes. */
export function followLines(
  path: string,
  { from, onLine }: { from: number; onLine: (line: string) => void },
): LineFollower {
  const lines = splitLines(onLine);
  let position = from;
  return {
    catchUp: () => {
      const file = openFile(path);
      if (file === null) return;
      const chunk = Buffer.alloc(CHUNK_BYTES);
      try {
        while (fstatSync(file).isFile()) {
          const length = readSync(file, chunk, 0, CHUNK_BYTES, position);
          if (length === 0) return;
          position += length;
          lines.write(chunk.subarray(0, length));
        }
      } finally {
        closeSync(file);
      }
    },
  };
}

const CHUNK_BYTES = 256 * 1024;

/** null when there is none. An agent can write where it is: no link is followed, no pipe is waited for. */
function openFile(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

/** Cuts a stream of bytes into lines. What is longer than 16 MB is no line that anybody reads. */
export function splitLines(onLine: (line: string) => void): {
  write(chunk: Buffer): void;
  /** Takes a last line that was not ended. */
  end(): void;
} {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  return {
    write: chunk => {
      const parts = (pending + decoder.write(chunk)).split('\n');
      pending = parts.pop() ?? '';
      if (pending.length > LONGEST_LINE) pending = '';
      for (const line of parts) onLine(line);
    },
    end: () => {
      if (pending !== '') onLine(pending);
      pending = '';
    },
  };
}

const LONGEST_LINE = 16 * 1024 * 1024;
