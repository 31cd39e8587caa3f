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
  const sites = new Map<string, Site>();
  const siteOf = (repo: string) => {
    const key = repo.toLowerCase();
    const site: Site = sites.get(key) ?? { sessions: [], leases: [], places: new Map() };
    sites.set(key, site);
    return site;
  };
  for (const session of host.sessions) siteOf(session.repo).sessions.push(session);
  for (const lease of leases) if (lease.scope !== 'landing') siteOf(lease.repo).leases.push(lease);
  for (const site of sites.values()) fillPlaces(site);
  const find = (repo: string) => sites.get(repo) ?? sites.get(repo.toLowerCase());
  return {
    on: (repo, issue) => find(repo)?.places.get(issue) ?? NOBODY,
    sessionsIn: repo => find(repo)?.sessions ?? [],
    leasesIn: repo => find(repo)?.leases ?? [],
  };
}

const NOBODY: Hands = { session: null, lease: null, record: null };

interface Site {
  readonly sessions: SessionState[];
  readonly leases: LeaseState[];
  /** By issue; null is the unit's stage. */
  readonly places: Map<number | null, Hands>;
}

function fillPlaces({ sessions, leases, places }: Site): void {
  for (const session of sessions) {
    const isPlaced = session.issue !== null || session.kind === 'PLAN' || session.kind === 'PRD';
    // Whoever made the change is at work on the issue, not who looks at it.
    if (session.ofChange) continue;
    if (isPlaced && !places.has(session.issue)) places.set(session.issue, { ...NOBODY, session });
  }
  for (const lease of leases) {
    const place = lease.scope === 'stage' ? null : lease.issue;
    if (place === null && lease.scope !== 'stage') continue;
    const hands = places.get(place) ?? NOBODY;
    const stronger = strongerOf(hands.lease, lease);
    places.set(place, { session: hands.session, lease: stronger, record: stronger ?? hands.record ?? lease });
  }
}

/** Of two entries for one lease, the one that holds more: somebody else's live one, then ours. */
function strongerOf(known: LeaseState | null, other: LeaseState): LeaseState | null {
  if (other.holder === '') return known;
  return known === null || strength(other) > strength(known) ? other : known;
}

function strength(lease: LeaseState): number {
  if (isOurs(lease)) return 2;
  return lease.live ? 3 : 1;
}
