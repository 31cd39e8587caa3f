import type { Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { openClone } from './clone.ts';
import { failureOf } from './failures.ts';
import { listRefs } from './list-refs.ts';
import { parsePorcelain } from './porcelain.ts';
import type { Move } from './records.ts';
import { MARKER, NO_CHECKS, type Place } from './ref-names.ts';
import { type Git, READ_LIMIT_MS } from './run-git.ts';

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

// No journal, so that nobody reads it.
const PROBE = 'refs/harness/probe';

/**
 * All fleets of a repository must look for leases at one place, so it is no setting and nobody's own finding: a branch
 * says it, and whoever is refused makes that branch, while nobody has refs of ours at the usual place.
 */
export function createPlaces(git: Git): Places {
  const known = new Map<string, Seen>();

  const look = async (repo: string): Promise<Seen> => {
    const gitDir = await openClone(git, repo);
    const refs = await listRefs(git, { repo, gitDir, names: ['refs/harness/*', MARKER] });
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
      const gitDir = await openClone(git, repo);
      const commit = await writeMarker(git, gitDir);
      const probe = await pushOne(git, { repo, gitDir, ref: PROBE, expected: null, target: commit });
      if (probe === 'moved') {
        await pushOne(git, { repo, gitDir, ref: PROBE, expected: commit, target: null });
      }
      if (probe !== 'refused') return false;
      await pushOne(git, { repo, gitDir, ref: MARKER, expected: null, target: commit });
      const refs = await listRefs(git, { repo, gitDir, names: ['refs/harness/*', MARKER] });
      // Somebody who may write every ref has begun in between.
      if (refs.get(MARKER) === commit && refs.size > 1) {
        await pushOne(git, { repo, gitDir, ref: MARKER, expected: commit, target: null });
      }
      const isMoved = (await look(repo)).place === 'branches';
      if (isMoved)
        git.options.log.warn('leases are branches below harness/: no other refs are taken', { repo });
      return isMoved;
    },
  };
}

interface OneMove extends Move {
  readonly repo: string;
  readonly gitDir: string;
}

/** Only what the remote itself said counts as refused: a lost answer must not move a repository's leases. */
async function pushOne(
  git: Git,
  { repo, gitDir, ref, expected, target }: OneMove,
): Promise<'moved' | 'refused' | 'unclear'> {
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const flags = ['--porcelain', '--no-verify', lease];
  const command = {
    gitDir,
    args: ['push', ...flags, git.options.remoteUrl(repo), `${target ?? ''}:${ref}`],
    remote: repo,
    limitMs: READ_LIMIT_MS,
  };
  const run = await git.attempt(command);
  if (run.exit === 0) return 'moved';
  const report = parsePorcelain(run.stdout).get(ref);
  if (report) return report.summary.startsWith('[remote rejected]') ? 'refused' : 'unclear';
  return failureOf(command, run).code === 'github-refused' ? 'refused' : 'unclear';
}

async function writeMarker(git: Git, gitDir: string): Promise<Oid> {
  const tree = await git.line({ gitDir, args: ['mktree'], input: '' });
  const { identity, nonce } = git.options;
  const text = 'Keep the refs of Harness in branches\n\nThis remote refuses all other refs.\n';
  return git.line({
    gitDir,
    args: ['commit-tree', tree],
    env: identityEnv(identity),
    input: `${text}Push: ${nonce()}\n${NO_CHECKS}\n`,
  });
}
