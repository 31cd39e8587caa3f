import type { FilePatch, Oid, PatchLine, Published } from '../../ports.ts';
import type { Commit, Files, Objects } from './objects.ts';

/** What a change does to each file: all lines of the old text go, all of the new one come. */
export function patchOf(objects: Objects, range: { base: Oid; head: Oid }): readonly FilePatch[] {
  const before = objects.read(range.base).tree.files;
  const after = objects.read(range.head).tree.files;
  return pathsThatDiffer(before, after).map(path => {
    const [from = null, to = null] = [before.get(path), after.get(path)];
    return {
      path,
      oldPath: null,
      status: from === null ? 'added' : to === null ? 'deleted' : 'modified',
      oldKind: from === null ? null : 'file',
      kind: to === null ? null : 'file',
      size: to === null ? null : to.length,
      link: null,
      added: linesOf(to),
      removed: linesOf(from),
      isBinary: false,
      isCut: false,
    };
  });
}

/** Each commit that `head` has and `base` has not, with what it adds to its first parent. */
export function publishedOf(objects: Objects, { base, head }: { base: Oid; head: Oid }): Published {
  const commits = newCommits(objects, base, head);
  const files = commits.flatMap(commit =>
    patchOf(objects, { base: commit.parents[0] ?? base, head: commit.oid }).map(({ path, added }) => ({
      commit: commit.oid,
      path,
      added,
    })),
  );
  return {
    commits: commits.map(({ oid, by }) => ({ oid, text: `author ${by}\n` })),
    paths: [...new Set(files.map(({ path }) => path))],
    files,
    cut: [],
  };
}

/** The same for two changes that do the same. */
export const patchIdOf = (objects: Objects, range: { base: Oid; head: Oid }): string =>
  JSON.stringify(patchOf(objects, range).map(({ path, added, removed }) => [path, added, removed]));

export const pathsThatDiffer = (a: Files, b: Files): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter(path => a.get(path) !== b.get(path)).sort();

const linesOf = (text: string | null): readonly PatchLine[] =>
  text === null ? [] : text.split('\n').map((line, at) => ({ line: at + 1, text: line }));

function newCommits(objects: Objects, base: Oid, head: Oid): readonly Commit[] {
  const found = new Map<Oid, Commit>();
  const next = [head];
  for (let oid = next.pop(); oid !== undefined; oid = next.pop()) {
    if (found.has(oid) || objects.isAncestor(oid, base)) continue;
    const commit = objects.read(oid);
    found.set(oid, commit);
    next.push(...commit.parents);
  }
  return [...found.values()];
}
