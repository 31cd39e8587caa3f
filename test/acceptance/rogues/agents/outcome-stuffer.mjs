// Writes an outcome that is too large to be read.
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  finish({ summary: 'done '.repeat(100_000) });
}
