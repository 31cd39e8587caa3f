// Makes its outcome a pipe that nobody ever writes to.
import { execFileSync } from 'node:child_process';
import { doTheWork, OUTCOME_FILE } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  execFileSync('mkfifo', [OUTCOME_FILE]);
}
