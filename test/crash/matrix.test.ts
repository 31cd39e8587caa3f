import { describe, expect, it } from 'vitest';
import { openTown } from '../acceptance/fleet.ts';
import type { CrashPoint } from './crash-points.ts';
import { playFullRun, type Written } from './full-run.ts';

const ISSUE = 'wrong at first';

const written = await listWrites();

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

  it.concurrent.for(points)(
    '$moment write $write to $place ($name) finishes as if it had not been',
    async (point, { onTestFinished }) => {
      const town = await openTown();
      onTestFinished(town.close);
      await playFullRun(town, ISSUE, point);
    },
  );
});

async function listWrites(): Promise<Written> {
  const town = await openTown();
  try {
    return await playFullRun(town, ISSUE, null);
  } finally {
    await town.close();
  }
}
