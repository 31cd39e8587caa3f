import { createHash } from 'node:crypto';
import type { Oid } from '../../ports.ts';
import { LOCAL_REFS, openClone } from './clone.ts';
import { failureOf } from './failures.ts';
import type { Git } from './run-git.ts';

/** Options of every fetch: no tags, and nothing written that two processes would fight over. */
export const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head'] as const;

/**
 * Fetches one ref of the remote with its history and returns its tip; null when the remote has no such ref.
 * Safe in several processes at once: each fetches to a ref of its own first.
 */
export async function fetchRef(git: Git, repo: string, ref: string): Promise<Oid | null> {
  const gitDir = await openClone(git, repo);
  const own = `${LOCAL_REFS}/fetch/${git.options.nonce()}`;
  const command = {
    gitDir,
    args: [...FETCH, git.options.remoteUrl(repo), `+${ref}:${own}`],
    remote: repo,
  };
  const run = await git.attempt(command);
  if (/couldn't find remote ref/.test(run.stderr)) return null;
  if (run.exit !== 0) throw failureOf(command, run);
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
