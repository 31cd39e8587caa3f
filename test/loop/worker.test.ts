import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { aStage, holderOf } from '../helpers/ports.ts';

describe('a worker without a unit', () => {
  it('takes up a complete unit in which a crash has left an attempt without a receipt', async () => {
    const stage = aStage();
    const first = stage.fleet('h1', (engine: Engine) => ({
      ...engine,
      board: {
        ...engine.board,
        mergePull: async (...merge) => {
          await engine.board.mergePull(...merge);
          first.process.isAlive = false;
          return new Promise(() => {});
        },
      },
    }));
    await first.untilAgentsStop();
    void first.begin();
    await stage.wait(10);
    expect(stage.github.issue().state).toBe('closed');
    expect(holderOf(stage)).toBe('fleet-h1');

    stage.start('h1');
    await stage.wait(30);
    expect(stage.github.story()).toEqual(['claim', 'landing', 'takeover', 'receipt', 'release']);
    expect([...stage.machine().disk.sessions.keys()]).toEqual([]);
    expect([...stage.machine().disk.worktrees.keys()]).toEqual([]);
  });
});
