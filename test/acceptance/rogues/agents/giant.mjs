// Commits more than anybody could look through.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', 'data.bin': Buffer.alloc(70 * 1024 * 1024, 'x') });
  finish();
}
