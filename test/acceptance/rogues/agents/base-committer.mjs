// Commits on the base branch, and moves what a clone usually keeps of a remote.
import { doTheWork, finish, git } from '../kit.mjs';

export function misbehave() {
  git('checkout', '--quiet', '-B', 'main');
  doTheWork();
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  finish();
}
