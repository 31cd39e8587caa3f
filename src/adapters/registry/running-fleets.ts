import type { Log } from '../../ports.ts';
import { fleetsIn, livingPart, type Need, openFleetFile } from './fleet-file.ts';

/** A fleet with living processes on this host. */
export interface RunningFleet {
  readonly fleet: string;
  readonly projectDir: string;
  readonly prefix: string;
  readonly isShared: boolean;
  /** Names of its processes: `w1`, … */
  readonly members: readonly string[];
  /** What they look at; of several that look at one repository, the strictest. */
  readonly needs: readonly Need[];
}

/** The fleets that run on this host. Writes nothing; what cannot be read is not there. */
export function runningFleets(directory: string): readonly RunningFleet[] {
  return fleetsIn(directory).flatMap(fleet => {
    const record = openFleetFile({ directory, fleet, log: SILENT }).read();
    const living = record && livingPart(record);
    if (living === null) return [];
    const { projectDir, prefix, isShared, members } = living;
    const needs = strictest(Object.values(members).flatMap(member => member.needs));
    return [{ fleet, projectDir, prefix, isShared, members: Object.keys(members).toSorted(), needs }];
  });
}

/** What running fleets look at with an account: each snapshot once, at the strictest cadence. */
export function watchedWith(fleets: readonly RunningFleet[], account: string): readonly Need[] {
  const shared = fleets.filter(({ isShared }) => isShared).flatMap(({ needs }) => needs);
  const own = fleets.filter(({ isShared }) => !isShared).flatMap(({ needs }) => needs);
  return [...strictest(shared), ...own].filter(need => need.account === account);
}

function strictest(needs: readonly Need[]): readonly Need[] {
  const found = new Map<string, Need>();
  for (const need of needs) {
    const key = `${need.account} ${need.repo.toLowerCase()}`;
    const known = found.get(key);
    if (known === undefined || need.everyMs < known.everyMs) found.set(key, need);
  }
  return [...found.values()];
}

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {} };
