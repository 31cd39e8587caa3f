import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../../ports.ts';
import { unlessMissing } from '../missing.ts';
import { isAlive } from '../processes.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import { openSharedFile, type SharedFile } from '../snapshots/shared-file.ts';

const Need = z.object({
  /** Digest of the API and the token. */
  account: z.string(),
  repo: z.string(),
  /** A reading of it may be this old. */
  everyMs: z.number(),
});

/** A repository that a process looks at, and how often. */
export type Need = Readonly<z.infer<typeof Need>>;

const Member = z.object({
  identity: z.object({ pid: z.int(), started: z.string(), boot: z.string() }),
  needs: z.array(Need),
});

const FleetRecord = z.object({
  version: z.literal(1),
  fleet: z.string(),
  projectDir: z.string(),
  /** Prefix of its session names. */
  prefix: z.string(),
  /** Whether it reads the snapshots that all fleets share, or its own. */
  isShared: z.boolean(),
  /** Its processes by name: `w1`, or `start` while it is being started. */
  members: z.record(z.string(), Member),
});

/** What a fleet says of itself in `<id>.json`; members may have died since. */
export type FleetRecord = Readonly<z.infer<typeof FleetRecord>>;

const format: LineFormat<FleetRecord> = oneLine(FleetRecord);

/** The file of a fleet in the directory of fleets. */
export function openFleetFile(place: {
  readonly directory: string;
  readonly fleet: string;
  readonly log: Log;
}): SharedFile<FleetRecord> {
  const path = fleetFile(place.directory, place.fleet);
  return openSharedFile({ path, format, readOnly: false, log: place.log });
}

export const fleetFile = (directory: string, fleet: string): string => join(directory, `${fleet}.json`);

/** Ids of the fleets that have a file, dead ones too. */
export function fleetsIn(directory: string): readonly string[] {
  const names = unlessMissing(() => readdirSync(directory)) ?? [];
  return names.flatMap(name => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
}

/** The record without the members that are dead; null when none is left. */
export function livingPart(record: FleetRecord): FleetRecord | null {
  const living = Object.entries(record.members).filter(([, { identity }]) => isAlive(identity));
  return living.length === 0 ? null : { ...record, members: Object.fromEntries(living) };
}
