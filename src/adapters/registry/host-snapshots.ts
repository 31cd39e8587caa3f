import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../ports.ts';
import { paceOf } from '../github/pace.ts';
import { SWEEP_FILE, sweepFormat } from '../github/sweep.ts';
import { unlessMissing } from '../missing.ts';
import { type ReadingRecord, readingFormat } from '../snapshots/document.ts';
import { openSharedFile } from '../snapshots/shared-file.ts';
import { type Counts, spentLastHour } from '../snapshots/spending.ts';
import { readingOfName } from '../snapshots/store.ts';
import { type RunningFleet, runningFleets, watchedWith } from './running-fleets.ts';

/** A repository's snapshot on this host, as one token sees it. */
export interface HostSnapshot {
  readonly repo: string;
  /** Digest of the API and the token. */
  readonly account: string;
  /** The fleet whose own snapshot this is; null for one that all fleets share. */
  readonly owner: string | null;
  /** Milliseconds since the last read that succeeded, and since the last one at all; null when there was none. */
  readonly ageMs: number | null;
  readonly triedAgeMs: number | null;
  /** How often it is looked at now; null while nobody needs it. */
  readonly everyMs: number | null;
  readonly result: 'read' | 'missing' | 'failed' | 'never read';
  readonly problem: string | null;
  /** Who read last. */
  readonly by: string;
  readonly lastHour: Counts;
  /** Running fleets that need it. */
  readonly fleets: readonly Pick<RunningFleet, 'fleet' | 'projectDir' | 'members'>[];
}

/** What the queries about many repositories have cost in the last hour, below a Harness home. */
export function sweepsOf(harnessHome: string, now: number): Counts {
  const directory = join(harnessHome, 'gates');
  const names = (unlessMissing(() => readdirSync(directory)) ?? []).filter(name => name.endsWith(SWEEP_FILE));
  const slots = names.flatMap(name => {
    const path = join(directory, name);
    return openSharedFile({ path, format: sweepFormat, readOnly: true, log: SILENT }).read()?.spending ?? [];
  });
  return spentLastHour(slots, now);
}

/** Every snapshot below a Harness home, and those that are needed and not there yet. Writes nothing. */
export function hostSnapshots(harnessHome: string, now: number): readonly HostSnapshot[] {
  const directory = join(harnessHome, 'fleets');
  const running = runningFleets(directory);
  const owners = (unlessMissing(() => readdirSync(directory, { withFileTypes: true })) ?? [])
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  const places = [null, ...owners];
  return places
    .flatMap(owner => {
      const snapshots = join(owner === null ? harnessHome : join(directory, owner), 'snapshots');
      const users = running.filter(fleet =>
        owner === null ? fleet.isShared : fleet.fleet === owner && !fleet.isShared,
      );
      return inPlace({ snapshots, owner, users, running, now });
    })
    .toSorted((a, b) => a.repo.localeCompare(b.repo, 'en'));
}

interface Place {
  readonly snapshots: string;
  readonly owner: string | null;
  /** Running fleets that read here. */
  readonly users: readonly RunningFleet[];
  readonly running: readonly RunningFleet[];
  readonly now: number;
}

function inPlace(place: Place): readonly HostSnapshot[] {
  const read = (unlessMissing(() => readdirSync(place.snapshots)) ?? []).flatMap(name => {
    const found = readingOfName(name);
    return found === null
      ? []
      : [describe(place, { ...found, reading: readReading(join(place.snapshots, name)) })];
  });
  const isRead = (account: string, repo: string) =>
    read.some(snapshot => snapshot.account === account && snapshot.repo === repo.toLowerCase());
  const missing = place.users
    .flatMap(({ needs }) => needs)
    .filter(({ account, repo }) => !isRead(account, repo))
    .map(({ account, repo }) => describe(place, { account, repo: repo.toLowerCase(), reading: null }));
  return [...read, ...missing];
}

function describe(
  { owner, users, running, now }: Place,
  { account, repo, reading }: { account: string; repo: string; reading: ReadingRecord | null },
): HostSnapshot {
  const needs = users.flatMap(fleet =>
    fleet.needs
      .filter(need => need.account === account && need.repo.toLowerCase() === repo)
      .map(need => ({ fleet, need })),
  );
  const strictestMs = Math.min(...needs.map(({ need }) => need.everyMs));
  const watched = watchedWith(running, account).length;
  return {
    repo,
    account,
    owner,
    ageMs: reading && reading.readAt > 0 ? now - reading.readAt : null,
    triedAgeMs: reading && reading.triedAt > 0 ? now - reading.triedAt : null,
    everyMs: needs.length === 0 ? null : paceOf(strictestMs, watched).lookMs,
    result: resultOf(reading),
    problem: reading?.problem ?? null,
    by: reading?.by ?? '',
    lastHour: spentLastHour(reading?.spending ?? [], now),
    fleets: needs.map(({ fleet: { fleet, projectDir, members } }) => ({ fleet, projectDir, members })),
  };
}

function resultOf(reading: ReadingRecord | null): HostSnapshot['result'] {
  if (reading === null || reading.triedAt === 0) return 'never read';
  if (reading.isMissing) return 'missing';
  return reading.problem === null ? 'read' : 'failed';
}

function readReading(path: string): ReadingRecord | null {
  return openSharedFile({ path, format: readingFormat, readOnly: true, log: SILENT }).read();
}

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {} };
