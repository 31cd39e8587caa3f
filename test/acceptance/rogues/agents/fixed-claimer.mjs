// Answers a reviewer with "fixed", and changes nothing.
import { commit, finish, git, WORK } from '../kit.mjs';

export function misbehave() {
  if (process.env.HARNESS_ATTEMPT === '1') commit({ [WORK]: 'wanting\n' });
  finish({ summary: `Fixed all findings at ${git('rev-parse', 'HEAD').trim()}.` });
}
