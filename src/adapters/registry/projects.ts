import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../atomic-file.ts';
import { unlessMissing } from '../missing.ts';

/** Notes in a fleet's own directory which project it is of; unlike the registry's file, that stays when it stops. */
export function noteProject(fleetDir: string, projectDir: string): void {
  if (readNote(fleetDir) === projectDir) return;
  mkdirSync(fleetDir, { recursive: true });
  writeAtomic(join(fleetDir, NOTE), projectDir);
}

/** The project directories of all fleets that ever worked on this host; some may be gone. */
export function knownProjects(fleetsDir: string): readonly string[] {
  const fleets = unlessMissing(() => readdirSync(fleetsDir)) ?? [];
  return fleets.flatMap(fleet => readNote(join(fleetsDir, fleet)) ?? []);
}

const NOTE = 'project';

const readNote = (fleetDir: string) => unlessMissing(() => readFileSync(join(fleetDir, NOTE), 'utf8'));
