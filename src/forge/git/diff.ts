import type { Oid, RepositoryName } from '../records.ts';
import type { Range } from './commits.ts';
import type { Remember } from './remember.ts';
import type { Git } from './run.ts';

/** One file that differs between two trees. */
export interface FileChange {
  readonly path: string;
  /** Set for a rename. */
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** The blob's name; the old one's when the file was removed. */
  readonly blob: Oid;
  readonly additions: number;
  readonly deletions: number;
  /** null for binary files. */
  readonly patch: string | null;
}

/** The empty tree, for commits without a parent. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Differences between two commits or trees, with renames found. */
export function createDiffs({ git, remember }: { git: Git; remember: Remember }) {
  return (repository: RepositoryName, { base, head }: Range): Promise<readonly FileChange[]> =>
    remember(`diff ${repository} ${base} ${head}`, async () => {
      const [raw, patches] = await Promise.all([
        git.run(repository, ['diff', '-z', '-M', '--raw', '--numstat', '--no-abbrev', base, head]),
        git.run(repository, ['diff', '-M', '--no-ext-diff', '--no-color', base, head]),
      ]);
      return joinChanges(raw, patches);
    });
}

export type Diffs = ReturnType<typeof createDiffs>;

/** Both outputs of git list the files in the same order. */
function joinChanges(raw: string, patches: string): readonly FileChange[] {
  const fields = raw.split('\0');
  const changes: Omit<FileChange, 'additions' | 'deletions' | 'patch'>[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(':'); at += 1) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ');
    const renamed = letter.startsWith('R') || letter.startsWith('C');
    const [first = '', second = ''] = fields.slice(at + 1, at + 3);
    const paths = renamed ? { path: second, previousPath: first } : { path: first, previousPath: null };
    changes.push({ ...paths, status: statusOf(letter), blob: letter === 'D' ? before : after });
    at += renamed ? 2 : 1;
  }
  const counts = countsIn(fields.slice(at));
  const hunks = splitPatches(patches);
  return changes.map((change, index) => ({
    ...change,
    additions: counts[index]?.additions ?? 0,
    deletions: counts[index]?.deletions ?? 0,
    patch: hunks[index] ?? null,
  }));
}

/** `added TAB deleted TAB path`, and for renames an empty path followed by the old and the new one. */
function countsIn(fields: readonly string[]): readonly { additions: number; deletions: number }[] {
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const [added, deleted, path] = (fields[at] ?? '').split('\t');
    if (deleted === undefined) continue;
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    if (path === '') at += 2;
  }
  return counts;
}

function splitPatches(text: string): readonly (string | null)[] {
  return text
    .split(/^diff --git .*\n/m)
    .slice(1)
    .map(patch => {
      const start = patch.search(/^@@ /m);
      return start < 0 ? null : patch.slice(start).replace(/\n$/, '');
    });
}

function statusOf(letter: string): FileChange['status'] {
  switch (letter[0]) {
    case 'A':
      return 'added';
    case 'D':
      return 'removed';
    case 'R':
      return 'renamed';
    case 'C':
      return 'copied';
    case 'T':
      return 'changed';
    default:
      return 'modified';
  }
}
