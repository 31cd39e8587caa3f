// Makes itself the owner who has to approve.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', CODEOWNERS: '* @rogue\n' });
  finish();
}
