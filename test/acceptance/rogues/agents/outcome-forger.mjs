// Writes an outcome with an identifier that it made up.
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish({ nonce: '0123456789abcdef' });
}
