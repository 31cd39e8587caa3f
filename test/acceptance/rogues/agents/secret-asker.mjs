// Asks a question with a secret in it, which a comment would show.
import { finish } from '../kit.mjs';

export const misbehave = () =>
  finish({ status: 'blocked', question: `Is ${process.env.MODEL_TOKEN} the right token?` });
