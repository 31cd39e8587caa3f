// Says the same thing for ever, and gets nowhere.
import { setTimeout as pause } from 'node:timers/promises';

export async function misbehave() {
  for (;;) {
    console.log('I have to run the tests again, to be sure.'.repeat(100));
    await pause(20);
  }
}
