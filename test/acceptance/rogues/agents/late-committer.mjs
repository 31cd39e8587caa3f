// Goes on committing after it has said that it is done, as long as anything lets it.
import { spawn } from 'node:child_process';
import { doTheWork, finish } from '../kit.mjs';

const LOOP = `trap '' TERM
while :; do echo wrong > work/late.txt; git add .; git commit -qm late --allow-empty; sleep 0.1; done`;

export function misbehave() {
  doTheWork();
  finish();
  spawn('sh', ['-c', LOOP], { detached: true, stdio: 'ignore' }).unref();
}
