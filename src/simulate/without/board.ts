import type { Issue } from '../../core/world.ts';
import type { Board } from '../../ports.ts';

/** Merges the pull request at whatever head it has. */
export function mergeWhatever(board: Board): Board['mergePull'] {
  return async (repo, number, merge) => {
    const { pulls } = await board.snapshot(repo, { maxAgeMs: 0 });
    const sha = pulls.find(pull => pull.number === number)?.headSha ?? merge.sha;
    return board.mergePull(repo, number, { ...merge, sha });
  };
}

/** Remembers each issue as it was read first. */
export function readOnce(board: Board): Board['issue'] {
  const known = new Map<string, ReturnType<Board['issue']>>();
  return (repo, number) => {
    const key = `${repo}#${number}`;
    const issue = known.get(key) ?? board.issue(repo, number);
    known.set(key, issue);
    return issue;
  };
}

/** Takes a merged pull request for one that somebody has closed. */
export function closeUnseenMerges(board: Board): Board['pullsOf'] {
  return async (repo, branch) => {
    const pulls = await board.pullsOf(repo, branch);
    return pulls.map(pull => ({ ...pull, merged: false, mergeCommit: null }));
  };
}

/** Takes every merge that was asked for to be done. */
export function mergeHopefully(board: Board): Board['mergePull'] {
  return async (repo, number, merge) => {
    await board.mergePull(repo, number, merge).catch(() => undefined);
    return { kind: 'merged', commit: merge.sha };
  };
}

/** Takes every issue for open. */
export function readAsOpen(board: Board): Board {
  const opened = (issue: Issue): Issue => ({ ...issue, state: 'open' });
  return {
    ...board,
    issue: async (repo, number) => opened(await board.issue(repo, number)),
    snapshot: async (repo, options) => {
      const snapshot = await board.snapshot(repo, options);
      return { ...snapshot, issues: snapshot.issues.map(opened) };
    },
  };
}

/** Writes the state of an issue, too, as it was read first. */
export function writeAllParts(board: Board): Board {
  const known = new Map<string, Issue>();
  return {
    ...board,
    issue: async (repo, number) => {
      const issue = await board.issue(repo, number);
      const place = `${repo}#${number}`;
      known.set(place, known.get(place) ?? issue);
      return issue;
    },
    updateIssue: (repo, number, change) => {
      const { state } = known.get(`${repo}#${number}`) ?? {};
      return board.updateIssue(repo, number, { ...(state ? { state } : {}), ...change });
    },
  };
}
