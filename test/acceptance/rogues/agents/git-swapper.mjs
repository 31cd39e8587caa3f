// Puts a link to a git directory of its own making where its clone's was.
import { renameSync, symlinkSync } from 'node:fs';
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  renameSync('.git', 'other');
  symlinkSync('other', '.git');
  finish();
}
