import type { Readable } from 'node:stream';
import type { Oid } from '../records.ts';
import { nextChunk } from './chunks.ts';

/** One line of a push; null stands for absence. */
export interface PushCommand {
  readonly ref: string;
  readonly from: Oid | null;
  readonly to: Oid | null;
}

/**
 * Reads the commands at the beginning of a receive-pack request (pkt-lines up to a flush packet) and leaves
 * the pack behind them in the stream. `read` is all that was taken from it.
 */
export async function readPushCommands(
  body: Readable,
): Promise<{ readonly commands: readonly PushCommand[]; readonly read: Buffer }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const commands = parseCommands(read);
    if (commands !== null) return { commands, read };
    const chunk = await nextChunk(body);
    if (chunk === null) return { commands: [], read };
    read = Buffer.concat([read, chunk]);
  }
}

/** null: the flush packet has not come yet. */
function parseCommands(bytes: Buffer): readonly PushCommand[] | null {
  const commands: PushCommand[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 0) return commands;
    if (Number.isNaN(length) || length < 4) return [];
    if (at + length > bytes.length) return null;
    const [line = ''] = bytes.toString('utf8', at + 4, at + length).split('\0');
    const [, from = '', to = '', ref = ''] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+?)\n?$/.exec(line) ?? [];
    if (ref !== '') commands.push({ ref, from: oidOrNull(from), to: oidOrNull(to) });
    at += length;
  }
  return null;
}

function oidOrNull(oid: string): Oid | null {
  return /^0+$/.test(oid) ? null : oid;
}
