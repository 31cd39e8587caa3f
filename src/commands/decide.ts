import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { decide } from '../core/decide.ts';
import { EXIT, HarnessError, messageOf } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { faultOfSize, parseWorld } from '../world-file.ts';

/** `world` is a path, or `-` for standard input. */
export interface DecideOptions {
  readonly world: string;
  readonly json: boolean;
}

/** Decides offline on a world file and prints what a tick would do. Touches nothing but that file. */
export async function decideCommand({ world: source, json }: DecideOptions, io: Invocation): Promise<number> {
  const world = parseWorld(await readSource(source, io.cwd), new Date().toISOString());
  const decision = decide(world);
  if (json) {
    const { decisionJson } = await import('../render/decision-json.ts');
    io.out(decisionJson(decision));
  } else {
    const { renderDecision } = await import('../render/decision.ts');
    io.out(renderDecision(decision, { width: io.columns, color: io.useColor }));
  }
  return EXIT.ok;
}

const STANDARD_INPUT = 0;

/** Reads up to the limit of a world file, so that an endless stream is refused as well. */
async function readSource(source: string, cwd: string): Promise<string> {
  const stream =
    source === '-'
      ? createReadStream('', { fd: STANDARD_INPUT, autoClose: false, highWaterMark: CHUNK })
      : createReadStream(resolve(cwd, source), { highWaterMark: CHUNK });
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

const CHUNK = 1024 * 1024;
