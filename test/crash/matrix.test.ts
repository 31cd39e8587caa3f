import { describe, expect, it } from 'vitest';
import type { CrashPoint } from './crash-points.ts';
import { playFullRun } from './full-run.ts';

const ISSUE = 'wrong at first';

const written = await playFullRun(ISSUE, null);

const points = (['forge', 'tmux'] as const).flatMap(place =>
  written[place].flatMap((name, at): readonly (CrashPoint & { readonly name: string })[] =>
    (['before', 'after'] as const).map(moment => ({ place, write: at + 1, of: null, moment, name })),
  ),
);

describe('an engine that is killed', () => {
  it('has something to be killed at', () => {
    expect(written.forge.length).toBeGreaterThan(10);
    expect(written.tmux.length).toBeGreaterThan(2);
  });

  it.concurrent.each(points)(
    '$moment write $write to $place ($name) finishes as if it had not been',
    async point => {
      await playFullRun(ISSUE, point);
    },
  );
});
