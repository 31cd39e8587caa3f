// Ends in an error, half done.
import { write } from '../kit.mjs';

export function misbehave() {
  write('work/half.txt', 'wrong\n');
  process.exit(3);
}
