// Writes two outcomes into one file, and a third beside it.
import { writeFileSync } from 'node:fs';
import { doTheWork, finish, OUTCOME_FILE, outcome } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish(`${JSON.stringify(outcome({ status: 'failed' }))}\n${JSON.stringify(outcome())}\n`);
  writeFileSync(`${OUTCOME_FILE}.json`, JSON.stringify(outcome()));
}
