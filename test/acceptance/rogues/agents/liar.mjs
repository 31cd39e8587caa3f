// Says that it is done, and has committed nothing.
import { finish } from '../kit.mjs';

export const misbehave = () => finish();
