import type { LeaseState, SessionState, World } from './world.ts';

/** Who works on an issue (or a unit's stage, which has no number), as sessions and leases say. */
export interface Hands {
  /** This fleet's session; null when there is none. */
  readonly session: SessionState | null;
  /** The lease, if somebody holds it. */
  readonly lease: LeaseState | null;
  /** What the lease's journal says of earlier attempts, whoever made them; null when there were none. */
  readonly record: LeaseState | null;
}

export interface Work {
  /** `issue` null asks for the unit's stage. */
  readonly on: (repo: string, issue: number | null) => Hands;
  /** This fleet's sessions in a repository, in the order of the world. */
  readonly sessionsIn: (repo: string) => readonly SessionState[];
  /** Leases of a repository's issues and stage, in the order of the world. */
  readonly leasesIn: (repo: string) => readonly LeaseState[];
}

/** Whether a lease is this fleet's own. */
export const isOurs = ({ holder }: LeaseState) => holder === 'me';

/** Indexes sessions and leases. A landing lease is the train's own matter and holds no issue. */
export function workIn({ leases, host }: Pick<World, 'leases' | 'host'>): Work {
  const holding = leases.filter(({ scope }) => scope !== 'landing');
  const sessionsByPlace = groupBy(host.sessions, placeOf);
  const leasesByPlace = groupBy(holding, lease =>
    placeOf({ ...lease, issue: lease.scope === 'stage' ? null : lease.issue }),
  );
  const sessionsByRepo = groupBy(host.sessions, ({ repo }) => repo.toLowerCase());
  const leasesByRepo = groupBy(holding, ({ repo }) => repo.toLowerCase());
  return {
    on: (repo, issue) => {
      const place = placeOf({ repo, issue });
      const records = leasesByPlace.get(place) ?? [];
      const lease = strongest(records);
      return { session: sessionsByPlace.get(place)?.[0] ?? null, lease, record: lease ?? records[0] ?? null };
    },
    sessionsIn: repo => sessionsByRepo.get(repo.toLowerCase()) ?? [],
    leasesIn: repo => leasesByRepo.get(repo.toLowerCase()) ?? [],
  };
}

const placeOf = ({ repo, issue }: { readonly repo: string; readonly issue: number | null }) =>
  `${repo.toLowerCase()}#${issue ?? ''}`;

/** Of several entries for one lease, the one that holds most: somebody else's live one, then ours. */
function strongest(leases: readonly LeaseState[]): LeaseState | null {
  const held = leases.filter(({ holder }) => holder !== '');
  return held.find(lease => lease.live && !isOurs(lease)) ?? held.find(isOurs) ?? held[0] ?? null;
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
