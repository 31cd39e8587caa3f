// Adds a workflow that CI would run with its own rights.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', '.github/workflows/ci.yml': 'on: push\n' });
  finish();
}
