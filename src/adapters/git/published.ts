import type { Oid, Published } from '../../ports.ts';
import { compareCommits } from './diff-tree.ts';
import type { Pair } from './history.ts';
import { contentsOf, sizesOf } from './objects.ts';
import type { DiffText, FileLines } from './patch-text.ts';
import type { Git } from './run-git.ts';

interface Listed {
  readonly oid: Oid;
  readonly parents: number;
}

// A commit without its files is about a kilobyte.
const COMMITS_BYTES = 64 * 1024 * 1024;

/**
 * Everything that a push of `head` shows to whoever has `base`: each commit, and the lines that it adds, also
 * those that a later commit removes again. Of a merge only the lines that none of its parents has.
 */
export async function publishedBetween(git: Git, gitDir: string, { base, head }: Pair): Promise<Published> {
  const listed = await git.line({ gitDir, args: ['rev-list', '--parents', `${base}..${head}`] });
  const commits = listed
    .split('\n')
    .filter(text => text !== '')
    .map(commitIn);
  const texts = await textsOf(git, gitDir, commits);
  const input = commits.map(({ oid }) => `${oid}\n`).join('');
  const compared = await compareCommits(git, gitDir, { args: ['--stdin', '-m'], input });
  return {
    commits: commits.map(({ oid }) => ({ oid, text: texts.get(oid) ?? null })),
    paths: [...new Set(compared.records.map(({ path }) => path))],
    files: filesOf(commits, compared.diffs),
    cut: [...compared.cut],
  };
}

function commitIn(text: string): Listed {
  const [oid = '', ...parents] = text.split(' ');
  return { oid, parents: parents.length };
}

/** The commits as they are stored, as far as they fit in memory. */
async function textsOf(git: Git, gitDir: string, commits: readonly Listed[]) {
  const oids = commits.map(({ oid }) => oid);
  const sizes = await sizesOf(git, gitDir, oids);
  let left = COMMITS_BYTES;
  const readable = oids.filter(oid => {
    left -= sizes.get(oid) ?? 0;
    return left >= 0;
  });
  return contentsOf(git, gitDir, readable);
}

function filesOf(commits: readonly Listed[], diffs: readonly DiffText[]): Published['files'] {
  const byCommit = new Map<Oid | null, DiffText[]>();
  for (const diff of diffs) byCommit.set(diff.commit, [...(byCommit.get(diff.commit) ?? []), diff]);
  return commits.flatMap(commit => filesIn(commit, byCommit.get(commit.oid) ?? []));
}

/** What a commit adds, of the diffs against each of its parents that it differs from. */
function filesIn({ oid, parents }: Listed, diffs: readonly DiffText[]): Published['files'] {
  const [first, ...others] = diffs;
  if (!first || diffs.length < parents) return [];
  return first.files.map(({ path, added }) => {
    const inOthers = others.map(({ files }) => linesOf(files, path));
    return { commit: oid, path, added: added.filter(({ line }) => inOthers.every(lines => lines.has(line))) };
  });
}

const linesOf = (files: readonly FileLines[], path: string): ReadonlySet<number> =>
  new Set(files.filter(file => file.path === path).flatMap(({ added }) => added.map(({ line }) => line)));
