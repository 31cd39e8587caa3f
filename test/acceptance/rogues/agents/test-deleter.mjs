// Deletes the test that its change breaks.
import { rmSync } from 'node:fs';
import { commit, finish } from '../kit.mjs';

export function misbehave() {
  rmSync('test/sum.test.mjs');
  commit({
    'src/sum.mjs': 'export const sum = () => 0;\n',
    'test/run.mjs': text => text.replace(/^.*sum.*\n/m, ''),
  });
  finish();
}
