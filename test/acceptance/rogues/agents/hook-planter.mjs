// Plants a git hook for whoever installs the project next.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', '.husky/pre-commit': 'exit 0\n' });
  finish();
}
