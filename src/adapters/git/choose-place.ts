import { HarnessError } from '../../errors.ts';
import type { Oid, PushResult } from '../../ports.ts';
import type { Move } from './records.ts';
import { MARKER, type Place } from './ref-names.ts';

/** Where a repository has our refs. */
export interface Seen {
  readonly place: Place;
  /** It has none yet, so that another fleet may be about to choose the other place. */
  readonly isFresh: boolean;
}

/** Where repositories have our refs, as this process saw it last. */
export interface Places {
  /** What was not looked at yet is taken for fresh: the first push finds out. */
  readonly of: (repo: string) => Seen;
  readonly note: (repo: string, seen: Seen) => void;
  /** Looks where they are now. Throws when the remote can't be read. */
  readonly look: (repo: string) => Promise<Seen>;
  /**
   * Moves a repository's refs to branches when its remote refuses every ref that is none, and takes branches. false
   * when a push was refused for another reason, or when somebody can write `refs/harness/`: then that is where all are.
   */
  readonly moveToBranches: (repo: string) => Promise<boolean>;
}

/** What the choice needs of a remote. */
export interface PlaceRemote {
  /** Where our refs at the usual place point, and the marker. Throws when it can't be read. */
  readonly list: (repo: string) => Promise<ReadonlyMap<string, Oid>>;
  /** Moves one ref. Only what the remote itself said counts as refused: a lost answer must not move leases. */
  readonly move: (repo: string, move: Move) => Promise<'moved' | 'refused' | 'unclear'>;
  /** Makes a commit unlike any other for the marker. */
  readonly commit: (repo: string) => Promise<Oid>;
}

// No journal, so that nobody reads it.
const PROBE = 'refs/harness/probe';

/**
 * All fleets of a repository must look for leases at one place, so it is no setting and nobody's own finding: a branch
 * says it, and whoever is refused makes that branch, while nobody has refs of ours at the usual place.
 */
export function choosePlaces(remote: PlaceRemote): Places {
  const known = new Map<string, Seen>();

  const look = async (repo: string): Promise<Seen> => {
    const refs = await remote.list(repo);
    const isMoved = refs.has(MARKER);
    const hasRefs = refs.size > (isMoved ? 1 : 0);
    const seen: Seen = { place: isMoved ? 'branches' : 'refs', isFresh: !isMoved && !hasRefs };
    known.set(repo, seen);
    return seen;
  };

  return {
    of: repo => known.get(repo) ?? { place: 'refs', isFresh: true },
    note: (repo, seen) => void known.set(repo, seen),
    look,
    async moveToBranches(repo) {
      const { place, isFresh } = await look(repo);
      if (!isFresh) return place === 'branches';
      const commit = await remote.commit(repo);
      const probe = await remote.move(repo, { ref: PROBE, expected: null, target: commit });
      if (probe === 'moved') await remote.move(repo, { ref: PROBE, expected: commit, target: null });
      if (probe !== 'refused') return false;
      await remote.move(repo, { ref: MARKER, expected: null, target: commit });
      const refs = await remote.list(repo);
      // Somebody who may write every ref has begun in between.
      if (refs.get(MARKER) === commit && refs.size > 1) {
        await remote.move(repo, { ref: MARKER, expected: commit, target: null });
      }
      return (await look(repo)).place === 'branches';
    },
  };
}

/** A push that can be sent to either place. */
export interface PlacedPush {
  readonly send: (place: Place) => Promise<PushResult>;
  /** Takes back what it made at the usual place: the other one counts by now. */
  readonly withdraw: () => Promise<PushResult>;
}

/** Sends a push to where the refs are. The first one of a repository finds out, and looks again once it has arrived. */
export async function pushToPlace(places: Places, repo: string, push: PlacedPush): Promise<PushResult> {
  const { place, isFresh } = places.of(repo);
  try {
    const result = await push.send(place);
    if (result.kind !== 'done' || !isFresh) return result;
    const now = await places.look(repo).catch(() => null);
    if (now === null) return { kind: 'unknown', reason: 'where the refs are by now could not be read' };
    return now.place === 'branches' ? await push.withdraw() : result;
  } catch (error) {
    const isRefused = error instanceof HarnessError && error.code === 'github-refused';
    if (!isRefused || place === 'branches' || !(await places.moveToBranches(repo))) throw error;
    return push.send('branches');
  }
}
