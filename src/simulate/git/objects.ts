import type { Oid } from '../../ports.ts';
import { mergeFiles } from './merge-files.ts';

/** A directory of files by path; two trees with the same files are the same tree. */
export interface Tree {
  readonly oid: Oid;
  readonly files: Files;
}

export type Files = ReadonlyMap<string, string>;

export interface Commit {
  readonly oid: Oid;
  readonly tree: Tree;
  readonly parents: readonly Oid[];
  /** Length of the longest way to a commit without parents. */
  readonly depth: number;
  /** Who made it. */
  readonly by: string;
}

/** All git objects of a simulation. Who has which of them is a matter of each clone. */
export interface Objects {
  readonly tree: (files: Files) => Tree;
  readonly commit: (made: { files: Files; parents: readonly Oid[]; by: string }) => Commit;
  /** Throws for a name that no commit has. */
  readonly read: (oid: Oid) => Commit;
  readonly isAncestor: (ancestor: Oid, commit: Oid) => boolean;
  readonly merge: (ours: Oid, theirs: Oid) => MergedFiles;
}

export type MergedFiles =
  | { readonly kind: 'merged'; readonly files: Files }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export function createObjects(): Objects {
  const trees = new Map<string, Tree>();
  const commits = new Map<Oid, Commit>();

  const tree = (files: Files): Tree => {
    const key = JSON.stringify([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = trees.get(key);
    if (known) return known;
    const made = { oid: `t${trees.size + 1}`, files };
    trees.set(key, made);
    return made;
  };

  const read = (oid: Oid): Commit => {
    const commit = commits.get(oid);
    if (!commit) throw new Error(`There is no commit ${oid}.`);
    return commit;
  };

  const ancestorsOf = (oid: Oid): ReadonlySet<Oid> => {
    const found = new Set<Oid>();
    const next = [oid];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      next.push(...read(at).parents);
    }
    return found;
  };

  const forkOf = (a: Oid, b: Oid): Commit | null => {
    const ofB = ancestorsOf(b);
    const common = [...ancestorsOf(a)].filter(oid => ofB.has(oid)).map(read);
    return common.reduce<Commit | null>((best, one) => (best && best.depth >= one.depth ? best : one), null);
  };

  return {
    tree,
    read,
    commit: ({ files, parents, by }) => {
      const depth = 1 + Math.max(0, ...parents.map(oid => read(oid).depth));
      const made = { oid: `c${commits.size + 1}`, tree: tree(files), parents, depth, by };
      commits.set(made.oid, made);
      return made;
    },
    isAncestor: (ancestor, commit) => ancestorsOf(commit).has(ancestor),
    merge: (ours, theirs) =>
      mergeFiles({
        base: forkOf(ours, theirs)?.tree.files ?? new Map(),
        ours: read(ours).tree.files,
        theirs: read(theirs).tree.files,
      }),
  };
}
