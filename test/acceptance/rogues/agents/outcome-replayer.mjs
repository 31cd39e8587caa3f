// Keeps the outcome of its first attempt in the repository, and hands it in again.
import { existsSync, readFileSync } from 'node:fs';
import { commit, finish, outcome, WORK } from '../kit.mjs';

export function misbehave() {
  const kept = existsSync('kept.json') ? readFileSync('kept.json', 'utf8') : JSON.stringify(outcome());
  commit({ [WORK]: existsSync('kept.json') ? 'right\n' : 'wrong\n', 'kept.json': kept });
  finish(kept);
}
