import { join } from 'node:path';
import { type Enclosure, without } from '../enclosure.ts';
import { cacheVariables } from './cache-variables.ts';
import { makeScratch, sweepScratch } from './scratch.ts';
import { makeShortTmp, shortTmp } from './short-tmp.ts';

/**
 * Programs run as they are, but what build tools download and make, and temporary files, is their worktree's own: none
 * of one attempt can spoil what another one builds with.
 */
export function privateCaches({ scratchDir }: { readonly scratchDir: string }): Enclosure {
  return {
    isSandbox: false,
    wrap: ({ argv }) => argv,
    variables: (cwd, pass) => {
      const dir = makeScratch(scratchDir, cwd, ['caches', 'tmp']);
      const short = shortTmp(dir);
      const TMPDIR = makeShortTmp(short) ? short : join(dir, 'tmp');
      return without(pass, { TMPDIR, ...cacheVariables(join(dir, 'caches')) });
    },
    sweep: () => sweepScratch(scratchDir),
  };
}
