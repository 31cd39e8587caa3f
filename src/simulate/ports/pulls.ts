import type { MergeRequest, MergeResult, PullDraft } from '../../ports.ts';
import { createPull, detailsOf, mergePull, pullsOf } from '../github/pulls.ts';
import { issueOfBranch, type Remote, type RemotePull } from '../github/remote.ts';
import type { Process } from '../machines/process.ts';
import { ask, askAgain, isAmbiguous, type PublicWrite, publicWrite } from '../network.ts';
import type { Universe } from '../universe.ts';

/** What a request about a pull request writes to; null when it is of no issue's branch. */
export function writesTo(
  universe: Universe,
  { repo }: Remote,
  { head }: Pick<RemotePull, 'head'>,
): PublicWrite | null {
  const issue = issueOfBranch(head);
  return issue === null ? null : publicWrite(universe, repo, issue);
}

/** The pull request of this number. Throws when there is none. */
export function pullOf({ repo, pulls }: Remote, number: number): RemotePull {
  const pull = pulls.get(number);
  if (!pull) throw new Error(`404: there is no pull request ${repo}#${number}`);
  return pull;
}

/** Opens a branch's pull request, or finds the one that is open, or merged at the head. */
export async function openPull(
  universe: Universe,
  process: Process,
  remote: Remote,
  draft: PullDraft,
): Promise<RemotePull> {
  const isMerged = ({ mergeCommit, headSha }: RemotePull) => mergeCommit !== null && headSha === draft.sha;
  const look = () =>
    askAgain(universe, process, {
      to: 'api',
      name: `find pull of ${draft.head}`,
      writesTo: null,
      serve: () => {
        const pulls = pullsOf(remote, draft.head);
        return pulls.find(isMerged) ?? pulls.find(({ state }) => state === 'open') ?? null;
      },
    });
  const writes = { to: 'api' as const, writesTo: writesTo(universe, remote, draft) };
  const create = () =>
    ask(universe, process, {
      ...writes,
      name: `open pull of ${draft.head}`,
      serve: () => createPull(universe, remote, draft),
    });
  const open =
    (draft.isFirst ? null : await look()) ??
    (await create().catch(async error => (await look()) ?? throws(error)));
  if (isMerged(open)) return open;
  const edit = () => {
    open.title = draft.title;
    open.body = draft.body;
    return open;
  };
  if (open.title === draft.title && open.body === draft.body) return open;
  return askAgain(universe, process, { ...writes, name: `edit #${open.number}`, serve: edit });
}

function throws(error: unknown): never {
  throw error;
}

/** Merges; after a lost answer the pull request itself tells whether it was merged. */
export async function merging(
  universe: Universe,
  process: Process,
  { remote, number, merge }: { remote: Remote; number: number; merge: MergeRequest },
): Promise<MergeResult> {
  const pull = pullOf(remote, number);
  const write = writesTo(universe, remote, pull);
  const send = () =>
    ask(universe, process, {
      to: 'api',
      name: `merge #${number}`,
      writesTo: write,
      serve: () => mergePull(universe, remote, { number, sha: merge.sha, by: 'engine' }),
    });
  try {
    const result = await send();
    if (result.kind === 'merged') return result;
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
  }
  const { headSha, mergeCommit } = await ask(universe, process, {
    to: 'api',
    name: `read #${number}`,
    writesTo: null,
    serve: () => detailsOf(pull),
  });
  if (headSha !== merge.sha) return { kind: 'head-moved' };
  if (mergeCommit !== null) return { kind: 'merged', commit: mergeCommit };
  return send();
}
