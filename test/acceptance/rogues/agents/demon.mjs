// Leaves a process behind that nothing leads back to: no parent, no group, no word in its environment.
import { spawn } from 'node:child_process';
import { doTheWork, finish, told } from '../kit.mjs';

export function misbehave() {
  const child = ['-e', 'setInterval(() => {}, 1000)', told('home')];
  const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(child)}, { detached: true, stdio: 'ignore', env: {} }).unref()`;
  spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore', env: {} }).unref();
  doTheWork();
  finish();
}
