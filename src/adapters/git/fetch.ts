import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../../ports.ts';
import { LOCAL_REFS, openClone } from './clone.ts';
import { failureOf } from './failures.ts';
import type { Git } from './run-git.ts';

interface Fetch {
  readonly repo: string;
  readonly gitDir: string;
  readonly refspecs: readonly string[];
  readonly limitMs: number;
}

// The first fetch brings the whole repository.
const HISTORY_LIMIT_MS = 900_000;

/**
 * Fetches refs of the remote into the clone, each to a ref that no other process writes, and drops those of
 * a pattern that are gone. false when a ref named in full does not exist.
 */
export async function fetchRefs(git: Git, { repo, gitDir, refspecs, limitMs }: Fetch): Promise<boolean> {
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--prune'];
  const command = {
    gitDir,
    args: ['fetch', ...flags, git.options.remoteUrl(repo), ...refspecs],
    remote: repo,
    limitMs,
  };
  let run = await git.attempt(command);
  if (/bad object refs\//.test(run.stderr)) {
    // A host that lost power leaves empty files. The clone's refs only save time: it does without them.
    git.options.log.warn('the refs of a clone were damaged and are forgotten', { clone: gitDir });
    await rm(join(gitDir, LOCAL_REFS), { recursive: true, force: true });
    run = await git.attempt(command);
  }
  if (/couldn't find remote ref/.test(run.stderr)) return false;
  if (run.exit !== 0) throw failureOf(command, run);
  return true;
}

/** Fetches one ref of the remote with its history and returns its tip; null when the remote has no such ref. */
export async function fetchRef(git: Git, repo: string, ref: string): Promise<Oid | null> {
  const gitDir = await openClone(git, repo);
  const own = `${LOCAL_REFS}/fetch/${git.options.nonce()}`;
  const fetch = { repo, gitDir, refspecs: [`+${ref}:${own}`], limitMs: HISTORY_LIMIT_MS };
  if (!(await fetchRefs(git, fetch))) return null;
  const tip = await git.line({ gitDir, args: ['rev-parse', '--verify', `${own}^{commit}`] });
  await pin(git, gitDir, { name: `remote ${ref}`, tip, instead: own });
  return tip;
}

/**
 * Keeps a commit reachable in the bare clone, under a digest of `name` so that names never collide as
 * directories do; drops the ref `instead`. Best effort: nothing is pruned, a pin only spares later fetches.
 */
export async function pin(
  git: Git,
  gitDir: string,
  { name, tip, instead }: { readonly name: string; readonly tip: Oid; readonly instead?: string },
): Promise<void> {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 40);
  const commands = [`update ${LOCAL_REFS}/pins/${digest} ${tip}`, ...(instead ? [`delete ${instead}`] : [])];
  const run = await git.attempt({
    gitDir,
    args: ['update-ref', '--stdin'],
    input: `${commands.join('\n')}\n`,
  });
  if (run.exit !== 0) git.options.log.warn('could not pin a commit', { name, reason: run.stderr.trim() });
}
