// Fills every place it can write to, with files that nobody is allowed to remove.
import { chmodSync } from 'node:fs';
import { doTheWork, finish, OUTCOME_FILE, write } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish();
  const waste = Buffer.alloc(8 * 1024 * 1024);
  for (const dir of [process.env.HOME, '/tmp', '.git', `${OUTCOME_FILE}.d`]) {
    write(`${dir}/waste/a/b/file`, waste);
    for (const locked of ['waste/a/b', 'waste/a', 'waste']) chmodSync(`${dir}/${locked}`, 0o500);
  }
}
