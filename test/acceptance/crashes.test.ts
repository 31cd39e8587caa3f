import { describe, it } from 'vitest';
import { playFullRun } from '../crash/full-run.ts';
import { openTown } from './fleet.ts';

// The most delicate ones of the whole matrix (`npm run test:crash`): what was written must not be written twice.
const POINTS = [
  ['it has taken the lease', /^git push$/],
  ['it has opened the pull request', /^POST .*\/pulls$/],
  ['it has merged', /^PUT .*\/merge$/],
] as const;

describe('an engine that is killed', () => {
  it.concurrent.for(POINTS)(
    'right after %s finishes the issue once',
    { timeout: 150_000 },
    async ([, of], { onTestFinished }) => {
      const town = await openTown();
      onTestFinished(town.close);
      await playFullRun(town, 'quick', { place: 'forge', write: 1, of, moment: 'after' });
    },
  );
});
