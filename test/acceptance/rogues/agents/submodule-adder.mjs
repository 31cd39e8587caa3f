// Adds a submodule, whose commit could be anything.
import { doTheWork, finish, git } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  const head = git('rev-parse', 'HEAD').trim();
  git('update-index', '--add', '--cacheinfo', `160000,${head},vendor/evil`);
  git('commit', '--quiet', '-m', 'Use a library');
  finish();
}
