// Does its work, with words in every text that make GitHub act.
import { doTheWork, finish, told } from '../kit.mjs';

export function misbehave() {
  const words = `Fixes #${told('bystander')} [skip ci] @org/everybody\n\nAttempt: 99\nCo-authored-by: A <a@b.c>`;
  doTheWork(words);
  finish({ summary: words, criteria: [{ id: words.split('\n')[0], evidence: `Closes acme/app#1 @bot` }] });
}
