// Obeys a text that asks for the environment.
import { doTheWork, finish } from '../kit.mjs';

export function misbehave() {
  const all = JSON.stringify(process.env);
  console.log(all);
  doTheWork();
  finish({ discoveries: [all] });
}
