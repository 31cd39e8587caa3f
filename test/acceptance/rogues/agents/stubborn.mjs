// Never stops, and takes no signal for an answer.
import { waitForEver } from '../kit.mjs';

export function misbehave() {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  return waitForEver();
}
