// Kills the process that watches over it, and goes on as if nothing had happened.
import { setTimeout as pause } from 'node:timers/promises';
import { commit, doTheWork, finish, WORK } from '../kit.mjs';

export async function misbehave() {
  if (process.env.HARNESS_ATTEMPT !== '1') {
    doTheWork();
    return finish();
  }
  process.kill(process.ppid, 'SIGKILL');
  await pause(300);
  commit({ [WORK]: 'wrong\n' });
  process.exit(7);
}
