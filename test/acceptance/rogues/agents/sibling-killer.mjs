// Kills every process of the fleet that it can see: other agents, their hosts, the workers.
import { readdirSync, readFileSync } from 'node:fs';
import { doTheWork, failureOf, finish, told } from '../kit.mjs';

export function misbehave() {
  const killed = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && isTheirs(Number(name)))
    .filter(pid => failureOf(() => process.kill(Number(pid), 'SIGKILL')) === '');
  doTheWork();
  finish({ status: 'failed', summary: `killed ${killed.length}` });
}

/** Of this fleet alone, and not of the sandbox that this program runs in. */
function isTheirs(pid) {
  let environment = '';
  failureOf(() => {
    environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  });
  return environment.includes(told('home')) && !environment.includes(process.env.HARNESS_NONCE);
}
