import { HarnessError } from '../../errors.ts';
import type { Change, MergeTree, Oid, Repos } from '../../ports.ts';
import { patchIdOf, patchOf, pathsThatDiffer, publishedOf } from '../git/patches.ts';
import type { Machine, Worktree } from '../machines/machine.ts';
import type { Process } from '../machines/process.ts';
import { ask, doLocally } from '../network.ts';
import { remoteOf, type Universe } from '../universe.ts';

/** Commits, worktrees and checkouts on a machine's disk. A commit that was never fetched is not there. */
export function simulateRepos(universe: Universe, process: Process): Repos {
  const { machine } = process;
  const { objects } = universe;
  const locally = <T>(slowestMs: number, run: () => T) =>
    doLocally(universe, process, { tookMs: machine.random.between(5, slowestMs), run });
  const fetch = (repo: string, branch: string) =>
    ask(universe, process, {
      to: 'git',
      name: `fetch ${branch}`,
      writesTo: null,
      serve: () => remoteOf(universe, repo).branches.get(refOf(branch)) ?? null,
    }).then(tip => tip && keep(universe, machine, tip));
  const have = (...oids: readonly Oid[]) => {
    const missing = oids.find(oid => !machine.disk.clone.has(oid));
    if (missing !== undefined) throw new HarnessError('git-failed', `There is no ${missing} in the clone.`);
  };

  return {
    fetchBranch: async (repo, branch) => (await fetch(repo, branch)) ?? noBranch(repo, branch),
    remoteBranch: fetch,
    createWorktree: ({ repo, path, branch, start }) =>
      locally(800, () => {
        have(start);
        const { worktrees } = machine.disk;
        if (worktrees.has(path)) throw new HarnessError('worktree-exists', `${path} is there already.`);
        worktrees.set(path, { repo, branch, head: start, files: objects.read(start).tree.files });
      }),
    removeWorktree: path =>
      locally(300, () => {
        const { worktrees } = machine.disk;
        const inside = [...worktrees.keys()].filter(found => found === path || found.startsWith(`${path}/`));
        for (const found of inside) {
          universe.watch.removes(machine, found);
          worktrees.delete(found);
        }
      }),
    collect: ({ path }) =>
      locally(200, () => {
        const head = machine.disk.worktrees.get(path)?.head ?? null;
        return head && keep(universe, machine, head);
      }),
    dirtyPaths: ({ path, head }) =>
      locally(100, () => pathsThatDiffer(worktreeAt(machine, path).files, objects.read(head).tree.files)),
    saveWorktree: ({ path, head }) =>
      locally(200, () => {
        have(head);
        const files = machine.disk.worktrees.get(path)?.files;
        if (!files || pathsThatDiffer(files, objects.read(head).tree.files).length === 0) return null;
        return keep(universe, machine, objects.commit({ files, parents: [head], by: 'checkpoint' }).oid);
      }),
    commitFiles: (_repo, { parent, files: changes }) =>
      locally(50, () => {
        if (parent !== null) have(parent);
        const files = new Map(parent === null ? [] : objects.read(parent).tree.files);
        for (const [path, text] of Object.entries(changes)) {
          if (text === null) files.delete(path);
          else files.set(path, text);
        }
        return keep(
          universe,
          machine,
          objects.commit({ files, parents: parent === null ? [] : [parent], by: 'engine' }).oid,
        );
      }),
    restoreFiles: (_repo, { commit, from, paths }) =>
      locally(50, () => {
        have(commit, from);
        const files = new Map(objects.read(commit).tree.files);
        for (const path of paths) {
          const text = objects.read(from).tree.files.get(path);
          if (text === undefined) files.delete(path);
          else files.set(path, text);
        }
        return keep(universe, machine, objects.commit({ files, parents: [commit], by: 'engine' }).oid);
      }),
    // Commits have no messages here.
    rewriteMessages: (_repo, { head }) => locally(10, () => head),
    change: (_repo, range) =>
      locally(50, () => {
        have(range.base, range.head);
        return changeOf(universe, range);
      }),
    merge: (_repo, { base, head }) =>
      locally(100, (): MergeTree => {
        have(base, head);
        if (objects.isAncestor(base, head))
          return { kind: 'merged', commit: head, tree: objects.read(head).tree.oid };
        const merged = objects.merge(base, head);
        if (merged.kind === 'conflict') return { kind: 'conflict', files: merged.paths };
        const commit = objects.commit({ files: merged.files, parents: [base, head], by: 'merge' });
        keep(universe, machine, commit.oid);
        return { kind: 'merged', commit: commit.oid, tree: commit.tree.oid };
      }),
    checkout: ({ repo, commit, path }) =>
      locally(400, () => {
        have(commit);
        const { files } = objects.read(commit).tree;
        machine.disk.worktrees.set(path, { repo, branch: null, head: commit, files });
      }),
    treeOf: (_repo, commit) =>
      locally(10, () => {
        have(commit);
        return objects.read(commit).tree.oid;
      }),
    readFile: (_repo, commit, path) =>
      locally(10, () => {
        have(commit);
        return objects.read(commit).tree.files.get(path) ?? null;
      }),
    listFiles: (_repo, commit, folder) =>
      locally(10, () => {
        have(commit);
        return [...objects.read(commit).tree.files.keys()].filter(path => path.startsWith(`${folder}/`));
      }),
    patch: (_repo, range) =>
      locally(50, () => {
        have(range.base, range.head);
        return patchOf(objects, range);
      }),
    published: (_repo, range) =>
      locally(50, () => {
        have(range.base, range.head);
        return publishedOf(objects, range);
      }),
    patchId: (_repo, range) =>
      locally(50, () => {
        have(range.base, range.head);
        return patchIdOf(objects, range);
      }),
    isAncestor: (_repo, { ancestor, commit }) =>
      locally(10, () => {
        have(ancestor, commit);
        return objects.isAncestor(ancestor, commit);
      }),
  };
}

const refOf = (branch: string) => (branch.startsWith('refs/') ? branch : `refs/heads/${branch}`);

function noBranch(repo: string, branch: string): never {
  throw new HarnessError('git-failed', `${repo} has no branch ${branch}.`);
}

/** Puts a commit and all that it reaches into the machine's clone. */
function keep({ objects }: Universe, { disk }: Machine, tip: Oid): Oid {
  const next = [tip];
  for (let oid = next.pop(); oid !== undefined; oid = next.pop()) {
    if (disk.clone.has(oid)) continue;
    disk.clone.add(oid);
    next.push(...objects.read(oid).parents);
  }
  return tip;
}

function worktreeAt({ disk }: Machine, path: string): Worktree {
  const worktree = disk.worktrees.get(path);
  if (!worktree) throw new HarnessError('git-failed', `There is no worktree ${path}.`);
  return worktree;
}

function changeOf({ objects }: Universe, { base, head }: { base: Oid; head: Oid }): Change {
  const descends = objects.isAncestor(base, head);
  const [from, to] = [objects.read(base), objects.read(head)];
  return {
    descends,
    commits: descends ? to.depth - from.depth : 0,
    files: pathsThatDiffer(from.tree.files, to.tree.files).map(path => ({ path, status: 'M' })),
  };
}
