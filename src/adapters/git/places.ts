import type { Oid } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { choosePlaces, type Places } from './choose-place.ts';
import { openClone } from './clone.ts';
import { failureOf } from './failures.ts';
import { listRefs } from './list-refs.ts';
import { parsePorcelain } from './porcelain.ts';
import type { Move } from './records.ts';
import { MARKER, NO_CHECKS } from './ref-names.ts';
import { type Git, READ_LIMIT_MS } from './run-git.ts';

/** Where repositories have our refs, asked and told over git. */
export function createPlaces(git: Git): Places {
  const places = choosePlaces({
    list: async repo =>
      listRefs(git, { repo, gitDir: await openClone(git, repo), names: ['refs/harness/*', MARKER] }),
    move: async (repo, move) => pushOne(git, { ...move, repo, gitDir: await openClone(git, repo) }),
    commit: async repo => writeMarker(git, await openClone(git, repo)),
  });
  return {
    ...places,
    async moveToBranches(repo) {
      const isFound = places.of(repo).place === 'branches';
      const isMoved = await places.moveToBranches(repo);
      if (isMoved && !isFound)
        git.options.log.warn('leases are branches below harness/: no other refs are taken', { repo });
      return isMoved;
    },
  };
}

interface OneMove extends Move {
  readonly repo: string;
  readonly gitDir: string;
}

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
