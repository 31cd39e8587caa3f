import { columns, cutToWidth } from './columns.ts';
import { duration } from './duration.ts';

/** Everything that `harness hosts` says; `--json` prints it as it is. */
export interface HostsFacts {
  readonly repos: readonly string[];
  /** Seconds after which a silent fleet loses what it holds. */
  readonly ttlSeconds: number;
  readonly fleets: readonly FleetFact[];
}

/** A fleet that has left a sign in one of the repositories. */
export interface FleetFact {
  readonly fleet: string;
  /** A digest of the machine's name. */
  readonly host: string;
  /** It is the one of this project on this machine. */
  readonly isHere: boolean;
  /** Living workers; null where they can't be seen from here. */
  readonly workers: number | null;
  /** Milliseconds since its last sign, by its own clock; null when it left none. */
  readonly silentMs: number | null;
  readonly holds: readonly HeldFact[];
}

export interface HeldFact {
  readonly repo: string;
  readonly issue: number;
  readonly attempt: number;
}

/** Renders the hosts for a terminal of `width` characters. */
export function renderHosts({ repos, ttlSeconds, fleets }: HostsFacts, { width }: { width: number }): string {
  const where = repos.join(', ');
  if (fleets.length === 0) {
    return `${cutToWidth(`No fleet is at work in ${where}, and none runs here.`, width)}\n`;
  }
  const rows = fleets.map(fleet => [
    nameOf(fleet),
    signOf(fleet, ttlSeconds),
    heldBy(fleet, repos.length > 1),
  ]);
  return `${columns([['FLEET', 'LAST SIGN', 'HOLDS'], ...rows], width)}\n`;
}

const nameOf = ({ fleet, isHere }: FleetFact) => (isHere ? `${fleet} (here)` : fleet);

function signOf({ silentMs, workers, holds }: FleetFact, ttlSeconds: number): string {
  const running = workers === null ? '' : `, ${workers} worker${workers === 1 ? '' : 's'}`;
  if (silentMs === null) return `none${running}`;
  const isLate = holds.length > 0 && silentMs > ttlSeconds * 1000;
  return `${duration(Math.max(0, silentMs))} ago${isLate ? ', too long' : ''}${running}`;
}

function heldBy({ holds }: FleetFact, withRepo: boolean): string {
  if (holds.length === 0) return 'nothing';
  return holds
    .map(
      ({ repo, issue, attempt }) =>
        `${withRepo ? repo : ''}#${issue}${attempt > 1 ? ` (attempt ${attempt})` : ''}`,
    )
    .join(', ');
}
