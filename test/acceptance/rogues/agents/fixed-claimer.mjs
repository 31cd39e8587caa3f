// Answers a reviewer with "fixed", and changes nothing.
import { commit, finish, git, WORK } from '../kit.mjs';

export function misbehave() {
  if (process.env.HARNESS_ATTEMPT === '1') commit({ [WORK]: 'wanting\n' });
  const answers = [{ id: 'criterion 1', answer: 'fix', reason: 'fixed' }];
  finish({ summary: `Fixed all findings at ${git('rev-parse', 'HEAD').trim()}.`, answers });
}
