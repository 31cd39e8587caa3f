// Leaves work uncommitted.
import { doTheWork, finish, write } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  write('src/forgotten.mjs', 'export {};\n');
  finish();
}
