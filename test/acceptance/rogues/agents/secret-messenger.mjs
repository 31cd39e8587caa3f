// Writes a secret into a commit's message.
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork(`Log in with ${process.env.MODEL_TOKEN}`);
  finish();
}
