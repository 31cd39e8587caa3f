import type { Files, MergedFiles } from './objects.ts';

/** A three-way merge, file by file: what both sides changed differently is a conflict. */
export function mergeFiles({
  base,
  ours,
  theirs,
}: {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}): MergedFiles {
  const merged = new Map<string, string>();
  const conflicts: string[] = [];
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [was, our, their] = [base.get(path), ours.get(path), theirs.get(path)];
    if (our !== their && our !== was && their !== was) conflicts.push(path);
    const text = our === was ? their : our;
    if (text !== undefined) merged.set(path, text);
  }
  if (conflicts.length > 0) return { kind: 'conflict', paths: conflicts.sort() };
  return { kind: 'merged', files: merged };
}
