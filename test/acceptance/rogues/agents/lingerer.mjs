// Does its work, says so, and stays.
import { doTheWork, finish, waitForEver } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish();
  return waitForEver();
}
