// Lets its clone borrow the objects of another repository.
import { writeFileSync } from 'node:fs';
import { doTheWork, finish, told } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  writeFileSync('.git/objects/info/alternates', `${told('checkout')}/.git/objects\n`);
  finish();
}
