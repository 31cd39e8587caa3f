import { describe, expect, it } from 'vitest';
import { cutOff } from '../../src/simulate/machines/mishaps.ts';
import { aStage, holderOf } from '../helpers/ports.ts';

describe('a fleet that was cut off for longer than the time-to-live', () => {
  it('loses its issue to a fleet that is well, and puts its own session away', async () => {
    const stage = aStage({ hosts: 2, agents: ['endless'] });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await here.tick();
    await there.tick();
    cutOff(stage.universe, stage.machine('h1'), 80_000);
    await stage.wait(85);
    await there.finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'takeover',
      'receipt:interrupted',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
    await here.finish();
    expect([...stage.machine('h1').disk.worktrees]).toEqual([]);
  });

  it('ends its agent when its attempt is over, though nobody has begun another', async () => {
    const stage = aStage({ hosts: 2, agents: ['endless'] });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await here.tick();
    await there.tick();
    stage.machine('h2').disk.isPaused = true;
    cutOff(stage.universe, stage.machine('h1'), 80_000);
    await stage.wait(85);
    await there.tick();
    expect(stage.github.story()).toEqual(['claim', 'takeover', 'receipt:interrupted', 'release']);
    await here.tick();
    expect(await here.sessions()).toEqual([]);
  });

  it('leaves a landing that it began to whoever took it over', async () => {
    const stage = aStage({ hosts: 2 });
    const here = stage.fleet('h1', engine => ({
      ...engine,
      board: { ...engine.board, openPull: () => Promise.reject(new Error('GitHub is down')) },
    }));
    const there = stage.fleet('h2');
    await here.untilAgentsStop();
    await here.tick();
    await there.tick();
    expect(stage.github.story()).toEqual(['claim', 'landing']);
    cutOff(stage.universe, stage.machine('h1'), 80_000);
    await stage.wait(85);
    await there.tick();
    expect(holderOf(stage)).toBe('fleet-h2');

    await here.tick();
    expect(await here.sessions()).toEqual([]);
    await there.finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'takeover', 'receipt', 'release']);
    expect(stage.github.issue().state).toBe('closed');
  });

  it('leaves no checkout behind, though it died in the middle of its verification', async () => {
    const stage = aStage({ hosts: 2 });
    const here = stage.fleet('h1', engine => ({
      ...engine,
      commands: {
        run: () => {
          here.process.isAlive = false;
          return new Promise(() => {});
        },
      },
    }));
    const there = stage.fleet('h2');
    await here.untilAgentsStop();
    await there.tick();
    void here.begin();
    await stage.wait(70);
    await there.finish();
    expect([...stage.machine('h1').disk.worktrees]).not.toEqual([]);
    stage.start('h1');
    await stage.wait(60);
    expect([...stage.machine('h1').disk.worktrees]).toEqual([]);
  });
});
