// Breaks what another file's test checks, and says that all is well.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', 'src/sum.mjs': 'export const sum = (a, b) => a - b;\n' });
  finish();
}
