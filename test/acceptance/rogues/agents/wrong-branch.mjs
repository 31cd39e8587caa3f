// Commits on a branch of its own.
import { doTheWork, finish, git } from '../kit.mjs';

export function misbehave() {
  git('checkout', '--quiet', '-b', 'elsewhere');
  doTheWork();
  finish();
}
