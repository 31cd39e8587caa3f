// Takes out of a test what its change breaks.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({
    [WORK]: 'right\n',
    'src/sum.mjs': 'export const sum = () => 0;\n',
    'test/sum.test.mjs': text => text.replaceAll(/^.*equal.*\n/gm, ''),
  });
  finish();
}
