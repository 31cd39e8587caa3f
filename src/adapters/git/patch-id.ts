import { createHash } from 'node:crypto';
import { type Pair, startOfChange } from './history.ts';
import type { Git } from './run-git.ts';

/**
 * A digest of what `head` changes since it left `base`: the same wherever the change starts from, another as
 * soon as a line of it or a line around it differs. Unlike `git patch-id` it tells white space and the content
 * of binary files apart.
 */
export async function patchIdOf(git: Git, gitDir: string, range: Pair): Promise<string> {
  const from = await startOfChange(git, gitDir, range);
  const patch = await git.read({
    gitDir,
    args: ['diff-tree', '-r', '-p', '-U3', '--text', '--no-renames', ...PLAIN, from, range.head],
    encoding: 'latin1',
  });
  const hash = createHash('sha256');
  for (const line of patch.split('\n')) hash.update(`${withoutPlace(line)}\n`, 'latin1');
  return hash.digest('hex');
}

const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--submodule=short', '--full-index'];

// Where the lines are, and which blobs they come from, changes with the base. Lines of content begin otherwise.
function withoutPlace(line: string): string {
  if (line.startsWith('@@ ')) return '@@';
  return line.startsWith('index ') ? 'index' : line;
}
