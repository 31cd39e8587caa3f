// Deletes its worktree, after it has done its work.
import { rmSync } from 'node:fs';
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish();
  rmSync(process.cwd(), { recursive: true });
}
