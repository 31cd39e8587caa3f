// Puts its branch on a history of its own making.
import { doTheWork, finish, git } from '../kit.mjs';

export function misbehave() {
  const branch = git('branch', '--show-current').trim();
  git('checkout', '--quiet', '--orphan', 'new');
  doTheWork();
  git('branch', '--force', branch, 'new');
  git('checkout', '--quiet', branch);
  finish();
}
