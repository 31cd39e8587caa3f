// Does its work, and leaves servers running that have left its process group.
import { spawn } from 'node:child_process';
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  const server = "process.on('SIGTERM', () => {}); require('node:http').createServer().listen(0)";
  for (let count = 0; count < 3; count += 1) {
    spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore' }).unref();
  }
  doTheWork();
  finish();
}
