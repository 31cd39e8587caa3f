// Writes the outcome of another issue.
import { doTheWork, finish, ISSUE } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish({ issue: ISSUE + 1 });
}
