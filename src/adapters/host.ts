import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { injectorOf } from '../core/injector.ts';
import type { Host } from '../ports.ts';
import { identifyHost } from './host/host-identity.ts';
import { createEvents, type WatchedSnapshots } from './host/next-event.ts';
import { createUnitClaims } from './host/unit-claims.ts';
import { createPauseFlag } from './pause-flag.ts';
import { bootId, identifySelf, isAlive } from './processes.ts';

export interface HostOptions {
  /** With symlinks resolved, so that a project has one name. */
  readonly projectDir: string;
  readonly runDir: string;
  readonly harnessHome: string;
  /** The snapshots whose change is an event; null for none. */
  readonly snapshots: WatchedSnapshots | null;
  /** This worker's number in the fleet, from 1. */
  readonly worker: number;
}

/** This host as one worker of a fleet sees it, with files in the run directory. */
export function createHost(options: HostOptions): Host {
  const { runDir } = options;
  const self = identifySelf();
  const identity = identifyHost({ ...options, self });
  const claims = createUnitClaims(join(runDir, 'claims'), self);
  const flag = createPauseFlag(runDir);
  const events = createEvents(runDir, options.snapshots);
  return {
    identity,
    paused: async () => flag.isSet(),
    putDownBy: async () => flag.deadline(),
    claimUnit: async unit => claims.take(unit),
    releaseUnit: async unit => claims.release(unit),
    claims: async () => claims.live(),
    isGone: ({ fleet, boot, worker }) => {
      // What another fleet does can't be seen from here, not even on this host: it may be in a container.
      if (fleet !== identity.fleet && fleet !== injectorOf(identity.fleet)) return false;
      if (boot !== identity.boot) return true;
      const [, pid, started] = /^w\d+:(\d+):(.+)$/.exec(worker) ?? [];
      if (pid === undefined || started === undefined) return false;
      return !isAlive({ pid: Number(pid), started, boot: bootId() });
    },
    nextEvent: (timeoutMs, signal) => events.next(timeoutMs, signal),
    pause: async ms => setTimeout(ms),
  };
}
