// No rogue: does its work, and what the second word of the title asks for besides.
import { commit, finish, WORK } from '../kit.mjs';

const MORE = {
  lists: { 'list.txt': text => `${text}of the honest\n` },
  upgrades: { 'src/version.txt': '2\n', 'uses/first.txt': '2\n' },
};

export function misbehave() {
  const [, more] = process.env.HARNESS_TITLE.split(' ');
  commit({ [WORK]: 'right\n', ...MORE[more] });
  finish();
}
