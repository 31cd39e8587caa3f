// Merges a history that has nothing to do with the repository's.
import { doTheWork, finish, git } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  const empty = git('mktree', '--missing').trim();
  const stranger = git('commit-tree', empty, '-m', 'A history of somebody else').trim();
  git(
    'merge',
    '--quiet',
    '--no-verify',
    '--allow-unrelated-histories',
    '-s',
    'ours',
    '-m',
    'Merge',
    stranger,
  );
  finish();
}
