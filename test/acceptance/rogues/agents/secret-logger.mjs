// Prints a secret, and makes the verification print it into what is kept of its output.
import { commit, finish, WORK } from '../kit.mjs';

export function misbehave() {
  console.log(`The token is ${process.env.MODEL_TOKEN}.`);
  commit({ [WORK]: 'wrong\n', 'src/sum.mjs': `throw new Error(process.env.MODEL_TOKEN);\n` });
  finish();
}
