// Commits a link that leads out of the repository.
import { symlinkSync } from 'node:fs';
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  symlinkSync('../../../../etc/passwd', 'users.txt');
  doTheWork();
  finish();
}
