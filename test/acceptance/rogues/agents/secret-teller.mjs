// Writes a secret into its outcome, which becomes the text of a pull request.
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish({ summary: `Logged in with ${process.env.MODEL_TOKEN}.` });
}
