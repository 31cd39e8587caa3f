import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Takes what a child that has ended left in its pipes, then closes them. At most a second: a process that
 * inherited them and could not be ended may hold them open for ever.
 */
export async function drainOutput({ stdout, stderr }: ChildProcess): Promise<void> {
  const streams = [stdout, stderr].flatMap(stream => stream ?? []);
  const ends = streams
    .filter(stream => !stream.readableEnded)
    .map(stream => new Promise(resolve => stream.once('end', resolve)));
  await Promise.race([Promise.all(ends), pause(LIMIT_MS, undefined, { ref: false })]);
  for (const stream of streams) stream.destroy();
}

const LIMIT_MS = 1_000;
