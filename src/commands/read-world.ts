import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { World } from '../core/world.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { faultOfSize, parseWorld } from '../world-file.ts';

/** Reads a world from a file, or from standard input when `source` is `-`. Touches nothing else. */
export async function readWorld(source: string, cwd: string): Promise<World> {
  return parseWorld(await readText(source, cwd), new Date().toISOString());
}

const CHUNK = 1024 * 1024;

/** Reads up to the limit of a world file, so that an endless stream is refused as well. */
async function readText(source: string, cwd: string): Promise<string> {
  // A pipe may be empty while its writer still works; only the process's own stream waits for more then.
  const stream =
    source === '-' ? process.stdin : createReadStream(resolve(cwd, source), { highWaterMark: CHUNK });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      const tooLong = faultOfSize(bytes);
      if (tooLong) throw tooLong;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError('world-invalid', `the world file can't be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}
