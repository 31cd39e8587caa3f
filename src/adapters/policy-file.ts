import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { writeAtomic } from './atomic-file.ts';

/** The repository's own `.harness/config` as it was read last, so that every command decides by the same policy. */
export interface PolicyRecord {
  /** null: the default branch has none. */
  readonly text: string | null;
  /** Its `.harness/targets.tsv`; null without one. */
  readonly targets: string | null;
  /** Names it for people: `acme/app@main:.harness/config`. */
  readonly where: string;
}

const schema = z.object({
  text: z.string().nullable(),
  targets: z.string().nullable().default(null),
  where: z.string(),
});

const fileOf = (fleetDir: string) => join(fleetDir, 'policy.json');

/** null when it was never read on this host. */
export function readPolicy(fleetDir: string): PolicyRecord | null {
  try {
    return schema.parse(JSON.parse(readFileSync(fileOf(fleetDir), 'utf8')));
  } catch {
    return null;
  }
}

export function writePolicy(fleetDir: string, policy: PolicyRecord): void {
  mkdirSync(dirname(fileOf(fleetDir)), { recursive: true, mode: 0o700 });
  writeAtomic(fileOf(fleetDir), JSON.stringify(policy));
}
