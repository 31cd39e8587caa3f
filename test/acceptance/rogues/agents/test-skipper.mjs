// Switches the test off that its change breaks.
import { commit, finish } from '../kit.mjs';

export function misbehave() {
  commit({
    'src/sum.mjs': 'export const sum = () => 0;\n',
    'test/sum.test.mjs': text => text.replace(/^test\(/m, 'test.skip('),
  });
  finish();
}
