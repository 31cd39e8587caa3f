import { rmSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import { identifySelf } from './processes.ts';
import {
  type FleetRecord,
  fleetFile,
  fleetsIn,
  livingPart,
  type Need,
  openFleetFile,
} from './registry/fleet-file.ts';
import { type RunningFleet, runningFleets } from './registry/running-fleets.ts';
import { takeLock } from './snapshots/shared-file.ts';

/** The fleets that run on this host, and how a process takes part for its own. */
export interface Registry {
  running(): readonly RunningFleet[];
  /** Makes this process a member of its fleet, and forgets fleets whose processes are all dead. */
  join(member: string): Promise<void>;
  /** Notes what this member looks at; nothing for a process that has not joined. */
  need(need: Need): void;
  /** Takes this process and every dead one out; the last one to leave takes the file along. */
  leave(): Promise<void>;
}

/** The registry as a process of one fleet has it. `directory` holds a file for each fleet of this user. */
export function createRegistry(options: {
  readonly directory: string;
  readonly fleet: Omit<FleetRecord, 'version' | 'members'>;
  readonly log: Log;
}): Registry {
  const { directory, fleet, log } = options;
  const file = openFleetFile({ directory, fleet: fleet.fleet, log });
  const needs = new Map<string, Need>();
  let member: string | null = null;
  let saving: Promise<void> | null = null;

  async function save(name: string): Promise<void> {
    const self = { identity: identifySelf(), needs: [...needs.values()] };
    await file.change(known => ({
      version: 1,
      ...fleet,
      members: { ...(known && livingPart(known)?.members), [name]: self },
    }));
  }

  /** One write for all that is noted while an earlier one is under way. */
  function saveSoon(name: string): void {
    saving ??= Promise.resolve()
      .then(() => {
        saving = null;
        return save(name);
      })
      .catch((error: unknown) => log.debug('could not register', { problem: messageOf(error) }));
  }

  return {
    running: () => runningFleets(directory),
    async join(name) {
      for (const other of fleetsIn(directory)) await forgetDead({ directory, fleet: other, log });
      member = name;
      await save(name);
    },
    need(need) {
      if (member === null) return;
      const key = `${need.account} ${need.repo}`;
      // Somebody may have deleted the file.
      const isSaved = needs.get(key)?.everyMs === need.everyMs && file.read()?.members[member] !== undefined;
      if (isSaved) return;
      needs.set(key, need);
      saveSoon(member);
    },
    async leave() {
      const name = member;
      member = null;
      await saving;
      if (name !== null) {
        await file.change(known => {
          const { [name]: _, ...others } = known?.members ?? {};
          return known && { ...known, members: others };
        });
      }
      await forgetDead({ directory, fleet: fleet.fleet, log });
    },
  };
}

/** Deletes the file of a fleet that has no living process, while nobody joins it; never one it cannot read. */
async function forgetDead(place: { directory: string; fleet: string; log: Log }): Promise<void> {
  const path = fleetFile(place.directory, place.fleet);
  const release = await takeLock(path, { retries: 3, log: place.log });
  if (typeof release !== 'function') return;
  try {
    const record = openFleetFile(place).read();
    if (record !== null && livingPart(record) === null) rmSync(path, { force: true });
  } finally {
    await release();
  }
}
