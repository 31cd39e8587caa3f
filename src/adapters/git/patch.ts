import type { FilePatch, Oid } from '../../ports.ts';
import { type Comparisons, compareCommits } from './diff-tree.ts';
import { type Pair, startOfChange } from './history.ts';
import { contentsOf } from './objects.ts';
import type { FileLines } from './patch-text.ts';
import type { RawRecord } from './raw-records.ts';
import type { Git } from './run-git.ts';

// PATH_MAX on Linux: no longer link can be made.
const LINK_BYTES = 4096;

/** What `head` changes since it left `base`, file by file, with the lines. */
export async function patchBetween(git: Git, gitDir: string, range: Pair): Promise<readonly FilePatch[]> {
  const from = await startOfChange(git, gitDir, range);
  const compared = await compareCommits(git, gitDir, { args: [from, range.head], input: '' });
  const links = await contentsOf(git, gitDir, compared.records.flatMap(linkOf(compared)));
  const lines = linesByPath(compared);
  return compared.records.map(record => {
    const { path, oldPath, status, oldKind, kind, oid } = record;
    const { added = [], removed = [] } = lines.get(path) ?? {};
    return {
      path,
      oldPath,
      status,
      oldKind,
      kind,
      size: oid === null ? null : (compared.sizes.get(oid) ?? null),
      link: oid === null ? null : (links.get(oid) ?? null),
      added,
      removed,
      isBinary: [...added, ...removed].some(({ text }) => text.includes('\0')),
      isCut: compared.cut.has(path),
    };
  });
}

const linkOf =
  ({ sizes }: Comparisons) =>
  ({ kind, oid }: RawRecord): readonly Oid[] =>
    kind === 'link' && oid !== null && (sizes.get(oid) ?? 0) <= LINK_BYTES ? [oid] : [];

// A file that became a link is two diffs, one that removes it and one that adds it.
function linesByPath({ diffs }: Comparisons): ReadonlyMap<string, FileLines> {
  const byPath = new Map<string, FileLines>();
  for (const file of diffs.flatMap(({ files }) => files)) {
    const before = byPath.get(file.path);
    byPath.set(file.path, before ? join(before, file) : file);
  }
  return byPath;
}

const join = (a: FileLines, b: FileLines): FileLines => ({
  path: a.path,
  added: [...a.added, ...b.added],
  removed: [...a.removed, ...b.removed],
});
