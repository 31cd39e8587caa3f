// Writes into the user's home and checkout: a line in a start-up file, a hook, a change of a file.
import { appendFileSync } from 'node:fs';
import { doTheWork, failureOf, finish, told, write } from '../kit.mjs';

export function misbehave() {
  const [home, checkout] = [told('home'), told('checkout')];
  failureOf(() => appendFileSync(`${home}/.bashrc`, 'echo rogue\n'));
  failureOf(() => write(`${checkout}/.git/hooks/pre-push`, '#!/bin/sh\necho rogue\n'));
  failureOf(() => appendFileSync(`${checkout}/README.md`, 'rogue\n'));
  failureOf(() => appendFileSync(`${checkout}/.harness/config`, 'HARNESS_VERIFY=true\n'));
  doTheWork();
  finish();
}
