import type { FilePatch, PatchLine } from '../../ports.ts';

/** The lines that a change takes from a file and brings to it. */
export type LineChanges = Pick<FilePatch, 'added' | 'removed'>;

/**
 * The lines of each file of a change, without those that only moved, within the file or to another one: a line
 * that is taken away and added again is in neither list, whatever its indent.
 */
export function withoutMoves(files: readonly FilePatch[]): ReadonlyMap<FilePatch, LineChanges> {
  const added = countsOf(files.flatMap(file => file.added));
  const removed = countsOf(files.flatMap(file => file.removed));
  const moved = new Map([...removed].map(([text, count]) => [text, Math.min(count, added.get(text) ?? 0)]));
  const [left, right] = [new Map(moved), new Map(moved)];
  return new Map(
    files.map(file => [file, { added: drop(file.added, left), removed: drop(file.removed, right) }]),
  );
}

function countsOf(lines: readonly PatchLine[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of lines) counts.set(text.trim(), (counts.get(text.trim()) ?? 0) + 1);
  return counts;
}

/** Leaves out as many of each line as `left` says, and takes them off it. */
function drop(lines: readonly PatchLine[], left: Map<string, number>): readonly PatchLine[] {
  return lines.filter(({ text }) => {
    const count = left.get(text.trim()) ?? 0;
    if (count > 0) left.set(text.trim(), count - 1);
    return count === 0;
  });
}
