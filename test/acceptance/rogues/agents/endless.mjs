// Never stops.
import { waitForEver } from '../kit.mjs';

export const misbehave = () => waitForEver();
