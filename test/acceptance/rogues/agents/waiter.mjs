// Waits for an answer that nobody is there to give.
import { openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { failureOf, waitForEver } from '../kit.mjs';

export async function misbehave() {
  console.log(failureOf(() => readSync(openSync('/dev/tty', 'r'), Buffer.alloc(1))));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.question('May I go on? ');
  await waitForEver();
}
