import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { sleepFor } from '../../src/simulate/machines/mishaps.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** Puts the host to sleep while the pull request is being opened. */
function sleepingIn(stage: () => Stage, ms: number) {
  let isOver = false;
  return (engine: Engine): Engine => ({
    ...engine,
    board: {
      ...engine.board,
      openPull: async (repo, draft) => {
        const pull = await engine.board.openPull(repo, draft);
        if (!isOver) sleepFor(stage().universe, stage().machine('h1'), ms);
        isOver = true;
        return pull;
      },
    },
  });
}

describe('a host that slept longer than the time-to-live in the middle of a landing', () => {
  it('takes its lease anew before it merges', async () => {
    const stage: Stage = aStage();
    const here = stage.fleet(
      'h1',
      sleepingIn(() => stage, 100_000),
    );
    await here.finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'takeover', 'receipt', 'release']);
    expect(stage.github.issue().state).toBe('closed');
  });

  it('merges nothing when another fleet has taken the lease meanwhile', async () => {
    const stage: Stage = aStage({ hosts: 2 });
    const here = stage.fleet(
      'h1',
      sleepingIn(() => stage, 100_000),
    );
    const there = stage.fleet('h2');
    await here.untilAgentsStop();
    const landing = here.begin();
    await stage.wait(20);
    await there.tick();
    await stage.wait(65);
    await there.finish();
    await stage.until(landing);
    expect(stage.github.story()).toEqual(['claim', 'landing', 'takeover', 'receipt', 'release']);
    expect(stage.github.pulls().map(({ mergedBy }) => mergedBy)).toEqual(['engine']);
    await here.finish();
    expect(await here.sessions()).toEqual([]);
  });
});
