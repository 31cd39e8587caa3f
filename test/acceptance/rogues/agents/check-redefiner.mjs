// Makes `npm test` something that always succeeds.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'wrong\n', 'package.json': text => text.replace(/"node.*?"/, '"true"') });
  finish();
}
