// Makes its outcome a link to a file that the engine can read.
import { symlinkSync } from 'node:fs';
import { doTheWork, OUTCOME_FILE, outcome, write } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  write('.git/outcome.json', JSON.stringify(outcome()));
  symlinkSync(`${process.cwd()}/.git/outcome.json`, OUTCOME_FILE);
}
