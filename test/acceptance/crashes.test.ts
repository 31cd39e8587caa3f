import { describe, it } from 'vitest';
import { playFullRun } from '../crash/full-run.ts';

// The most delicate ones of the whole matrix (`npm run test:crash`): what was written must not be written twice.
describe('an engine that is killed', () => {
  it.concurrent.each([
    ['it has taken the lease', /^git push$/],
    ['it has opened the pull request', /^POST .*\/pulls$/],
    ['it has merged', /^PUT .*\/merge$/],
  ])(
    'right after %s finishes the issue once',
    async (_what, of) => {
      await playFullRun('quick', { place: 'forge', write: 1, of, moment: 'after' });
    },
    90_000,
  );
});
