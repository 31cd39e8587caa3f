// Reads the login of gh, and commits what it finds.
import { readFileSync } from 'node:fs';
import { commit, failureOf, finish, told } from '../kit.mjs';

export function misbehave() {
  let text = '';
  const problem = failureOf(() => {
    text = readFileSync(`${told('home')}/.config/gh/hosts.yml`, 'utf8');
  });
  commit({ 'login.txt': `${text}\n` });
  finish(problem ? { status: 'failed', summary: 'found no login' } : {});
}
