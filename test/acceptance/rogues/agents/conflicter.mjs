// Changes the line that somebody else has changed meanwhile.
import { commit, finish, untilBaseHas, WORK } from '../kit.mjs';

export async function misbehave() {
  await untilBaseHas('list.txt', 'honest');
  commit({ [WORK]: 'right\n', 'list.txt': text => `${text}of the rogue\n` });
  finish();
}
