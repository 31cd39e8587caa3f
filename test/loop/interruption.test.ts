import { describe, expect, it } from 'vitest';
import { wipeDisk } from '../../src/simulate/machines/machine.ts';
import { bootUp, cutPower } from '../../src/simulate/machines/mishaps.ts';
import { aStage } from '../helpers/ports.ts';

const STARTED_ANEW = [
  'claim',
  'takeover',
  'receipt:interrupted',
  'release',
  'claim',
  'landing',
  'receipt',
  'release',
];

describe('a host that loses power while an agent works', () => {
  it('ends the attempt as interrupted when it is back, and begins the next one at once', async () => {
    const stage = aStage({ agents: ['slow'] });
    await stage.fleet().tick();
    cutPower(stage.universe, stage.machine());
    bootUp(stage.universe, stage.machine());
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual(STARTED_ANEW);
    expect([...stage.machine().disk.worktrees]).toEqual([]);
  });

  it('does the same when its disk is lost, too', async () => {
    const stage = aStage({ agents: ['slow'] });
    await stage.fleet().tick();
    cutPower(stage.universe, stage.machine());
    wipeDisk(stage.machine());
    bootUp(stage.universe, stage.machine());
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual(STARTED_ANEW);
  });
});

describe('a worker that dies while its agent works on', () => {
  it('is followed by one that lands the work', async () => {
    const stage = aStage();
    const first = stage.fleet();
    await first.tick();
    first.process.isAlive = false;
    await stage.wait(90);
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual(['claim', 'takeover', 'landing', 'receipt', 'release']);
  });
});

describe('an issue that a person closes while an agent works', () => {
  it('costs no more than until the next tick, and stays closed', async () => {
    const stage = aStage({ agents: ['endless'] });
    const here = stage.fleet();
    await here.tick();
    stage.github.edit(1, { state: 'closed', stateReason: 'not_planned' });
    await here.tick();
    await here.finish();
    expect(stage.github.story()).toEqual(['claim', 'receipt:cancelled', 'release']);
    expect(stage.github.issue()).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
  });
});

describe('an issue whose text changes while an agent works', () => {
  it('is not landed as it was, but worked on as it is', async () => {
    const stage = aStage();
    const here = stage.fleet();
    await here.tick();
    stage.github.edit(1, { body: 'Something else is wanted.' });
    await here.finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'landing',
      'receipt:cancelled',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
  });
});
