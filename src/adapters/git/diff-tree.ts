import type { Oid } from '../../ports.ts';
import { sizesOf } from './objects.ts';
import { type DiffText, parsePatch } from './patch-text.ts';
import { parseRawRecords, type RawRecord } from './raw-records.ts';
import type { Git } from './run-git.ts';

/** What `git diff-tree` compares: two commits as arguments, or a list of commits as its input. */
export interface Comparison {
  readonly args: readonly string[];
  readonly input: string;
}

/** What commits change, and the lines of it that fit in memory. */
export interface Comparisons {
  readonly records: readonly RawRecord[];
  readonly diffs: readonly DiffText[];
  /** Paths whose lines were left out. */
  readonly cut: ReadonlySet<string>;
  /** Sizes of the blobs in bytes. */
  readonly sizes: ReadonlyMap<Oid, number>;
}

/** Bytes of blobs, old and new, that are compared line by line. */
export const COMPARED_BYTES = 64 * 1024 * 1024;

// They are named one by one in the arguments of a command.
const MAX_CUT = 200;

// Every file is text, so that no attribute and no zero byte hides a line. Inexact renames cost a comparison per pair.
const DIFF = ['diff-tree', '-r', '-M', '-l400', '--root', '--no-color'];
const PATCH = ['-p', '-U0', '--text', '--no-ext-diff', '--no-textconv', '--submodule=short'];

/** Compares commits in the bare clone. The largest files are left out until the rest is within `COMPARED_BYTES`. */
export async function compareCommits(
  git: Git,
  gitDir: string,
  { args, input }: Comparison,
): Promise<Comparisons> {
  const listed = await git.read({
    gitDir,
    args: [...DIFF, '--raw', '-z', '--no-abbrev', ...args],
    input,
    encoding: 'latin1',
  });
  const records = parseRawRecords(listed);
  const sizes = await sizesOf(git, gitDir, records.flatMap(blobsOf));
  const cut = pathsToCut(records, sizes);
  if (cut.size > MAX_CUT || records.some(({ path, isUtf8 }) => cut.has(path) && !isUtf8)) {
    return { records, sizes, diffs: [], cut: new Set(records.map(({ path }) => path)) };
  }
  const left = records.flatMap(({ path, oldPath }) => (cut.has(path) ? [path, oldPath ?? path] : []));
  const without = [...new Set(left)].map(path => `:(exclude,top,literal)${path}`);
  const limits = without.length > 0 ? ['--', ...without] : [];
  const text = await git.read({ gitDir, args: [...DIFF, ...PATCH, ...args, ...limits], input });
  return { records, sizes, cut, diffs: parsePatch(text) };
}

const blobsOf = ({ kind, oid, oldKind, oldOid }: RawRecord): readonly Oid[] => [
  ...(oid !== null && kind !== 'submodule' ? [oid] : []),
  ...(oldOid !== null && oldKind !== 'submodule' ? [oldOid] : []),
];

function pathsToCut(records: readonly RawRecord[], sizes: ReadonlyMap<Oid, number>): ReadonlySet<string> {
  const costs = new Map<string, number>();
  for (const record of records) {
    const bytes = blobsOf(record).reduce((sum, oid) => sum + (sizes.get(oid) ?? 0), 0);
    costs.set(record.path, (costs.get(record.path) ?? 0) + bytes);
  }
  const cut = new Set<string>();
  let total = 0;
  for (const [path, cost] of [...costs].sort(([, a], [, b]) => a - b)) {
    total += cost;
    if (total > COMPARED_BYTES) cut.add(path);
  }
  return cut;
}
