// Is right by itself and merges cleanly, but not with what has landed meanwhile.
import { commit, finish, untilBaseHas, WORK } from '../kit.mjs';

export async function misbehave() {
  await untilBaseHas('src/version.txt', '2');
  commit({ [WORK]: 'right\n', 'uses/second.txt': '1\n' });
  finish();
}
