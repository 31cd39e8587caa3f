import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '../../errors.ts';
import type { Log, PushResult, RefUpdate } from '../../ports.ts';
import { writeAtomic } from '../atomic-file.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import { openSharedFile, type SharedFile } from '../snapshots/shared-file.ts';

const Identity = z.object({ pid: z.int(), started: z.string(), boot: z.string() });

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), tips: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
  /** Nothing has moved: whoever waits for it sends it by itself. */
  z.object({ kind: z.literal('split') }),
]);

const Offer = z.object({
  id: z.string(),
  /** Who waits for it. */
  by: Identity,
  /** Only one of the same kin can send it: with the same token, from the same clones, by the same version. */
  kin: z.string(),
  refs: z.array(z.string()),
  /** Who sends it together with its own; null while it waits. */
  takenBy: Identity.nullable(),
  answer: Answer.nullable(),
});

const PushState = z.object({
  version: z.literal(2),
  /** Epoch milliseconds of the last pushes to one repository, oldest first. */
  sentAt: z.array(z.number()),
  offers: z.array(Offer),
});

/** What all processes of this user know of their pushes to one repository. */
export type PushState = Readonly<z.infer<typeof PushState>>;

/** A push that waits for a turn, of its own process or of any other's. */
export type Offer = Readonly<z.infer<typeof Offer>>;

/** What became of a push that another process has sent. */
export type Answer = Readonly<z.infer<typeof Answer>>;

const pushFormat: LineFormat<PushState> = oneLine(PushState);

/** The pushes of all processes to one repository, and where those that wait lie meanwhile. */
export interface PushTurns {
  readonly state: SharedFile<PushState>;
  /** Lays down what is to be pushed, so that another process can. false where that is impossible. */
  readonly lay: (id: string, updates: readonly RefUpdate[]) => boolean;
  /** null when it cannot be read. */
  readonly laid: (id: string) => readonly RefUpdate[] | null;
  readonly clear: (id: string) => void;
}

/** Where the processes of this user note their pushes to an API's repositories. */
export function pushTurnsIn(
  directory: string,
  options: { readonly apiUrl: string; readonly readOnly: boolean; readonly log: Log },
): (repo: string) => PushTurns {
  const opened = new Map<string, PushTurns>();
  return repo => {
    const place = `${options.apiUrl}\0${repo.toLowerCase()}`;
    const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
    const turns = opened.get(name) ?? openTurns(directory, name, options);
    opened.set(name, turns);
    return turns;
  };
}

function openTurns(
  directory: string,
  name: string,
  { readOnly, log }: { readonly readOnly: boolean; readonly log: Log },
): PushTurns {
  const path = join(directory, `${name}.pushes.v2.json`);
  const fileOf = (id: string) => join(directory, `${name}.${id}.push.json`);
  return {
    state: openSharedFile({ path, format: pushFormat, readOnly, log }),
    lay(id, updates) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        writeAtomic(fileOf(id), JSON.stringify(updates));
        return true;
      } catch (error) {
        log.debug('a push that waits could not be laid down', { problem: messageOf(error) });
        return false;
      }
    },
    // Only this version writes and reads here: it is part of the kin.
    laid(id) {
      try {
        return JSON.parse(readFileSync(fileOf(id), 'utf8')) as readonly RefUpdate[];
      } catch {
        return null;
      }
    },
    clear(id) {
      try {
        rmSync(fileOf(id), { force: true });
      } catch (error) {
        log.debug('a push that was laid down could not be removed', { problem: messageOf(error) });
      }
    },
  };
}

/** What another process says of its push, for those of this process that went with it. */
export function answerFor(result: PushResult): Answer {
  if (result.kind === 'lost') return { kind: 'split' };
  return result.kind === 'done' ? { kind: 'done', tips: { ...result.tips } } : result;
}
