// Declares a filter that git runs on whoever checks the files out.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  commit({ [WORK]: 'right\n', '.gitattributes': '* filter=evil\n' });
  finish();
}
