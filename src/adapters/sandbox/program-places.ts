import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { unlessMissing } from '../missing.ts';

/** What a program needs to be seen of itself: its file, where a link leads to, and the packages around it. */
export function programPlaces(path: string): readonly string[] {
  const real = unlessMissing(() => realpathSync(path)) ?? path;
  return [...new Set([path, real].map(withPackages))];
}

/** The outermost `node_modules` that a path is in: a package finds others beside it. */
function withPackages(path: string): string {
  const parts = path.split(sep);
  const index = parts.indexOf('node_modules');
  return index === -1 ? path : parts.slice(0, index + 1).join(sep);
}
