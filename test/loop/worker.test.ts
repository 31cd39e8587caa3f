import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { latest } from '../../src/simulate/github/history.ts';
import { addIssue } from '../../src/simulate/github/remote.ts';
import { stopFleet } from '../../src/simulate/machines/fleet.ts';
import { cutOff } from '../../src/simulate/machines/mishaps.ts';
import { aStage, holderOf, STAGE_REPO, type Stage } from '../helpers/ports.ts';

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
    await stage.wait(20);
    expect(stage.github.issue().state).toBe('closed');
    expect(holderOf(stage)).toBe('fleet-h1');

    stage.start('h1');
    await stage.wait(30);
    expect(stage.github.story()).toEqual(['claim', 'landing', 'takeover', 'receipt', 'release']);
    expect([...stage.machine().disk.sessions.keys()]).toEqual([]);
    expect([...stage.machine().disk.worktrees.keys()]).toEqual([]);
  });
});

describe('a host on which a worker died while it verified', () => {
  it('is cleared of that, though other hosts have left nothing to do', async () => {
    const stage = aStage({ issues: [{ state: 'closed' }] });
    const { worktrees } = stage.machine().disk;
    const checkout = { repo: STAGE_REPO, branch: null, head: null, files: new Map() };
    worktrees.set('/checkouts/sim/app/1', checkout);
    stage.start('h1');
    await stage.wait(10);
    expect([...worktrees.keys()]).toEqual([]);
  });
});

it('drives a unit in which no other host is at work, where there is one', async () => {
  const stage = aStage({ agents: { 1: ['endless'] }, hosts: 2, others: ['sim/lib'] });
  const library = stage.universe.remotes.get('sim/lib');
  if (library) addIssue(library, 'own', { at: 0 });
  const unitsOf = (host: string) => [...stage.machine(host).disk.claims.keys()];
  stage.start('h1');
  await stage.wait(20);
  stage.start('h2');
  await stage.wait(5);
  expect([unitsOf('h1'), unitsOf('h2')]).toEqual([['u1'], ['u2']]);
});

it('leaves a unit in which all is held for one with work', async () => {
  const labels = ['ready-for-agent', 'needs:gpu'];
  const stage = aStage({ issues: [{ labels }], others: ['sim/lib'] });
  const library = stage.universe.remotes.get('sim/lib');
  if (library) addIssue(library, 'own', { at: 0 });
  stage.start();
  await stage.wait(120);
  expect([...(library?.issues.values() ?? [])].map(history => latest(history).issue.state)).toEqual([
    'closed',
  ]);
});

describe('a worker that is told to stop', () => {
  const isRunning = (stage: Stage) => stage.machine().processes.some(({ isAlive }) => isAlive);

  it('ends at once when nothing runs', async () => {
    const stage = aStage({ issues: [{ labels: [] }] });
    stage.start();
    await stage.wait(20);
    stopFleet(stage.universe, stage.machine(), 60_000);
    await stage.wait(2);
    expect(isRunning(stage)).toBe(false);
  });

  it('lets an agent finish within the grace period, and lands its work', async () => {
    const stage = aStage({ agents: ['good'], issues: [{}, {}], config: { HARNESS_CAP: '1' } });
    stage.start();
    await stage.wait(5);
    stopFleet(stage.universe, stage.machine(), 90_000);
    await stage.wait(120);
    expect(isRunning(stage)).toBe(false);
    expect([1, 2].map(number => stage.github.issue(number).state)).toEqual(['closed', 'open']);
  });

  it('ends its agents when the grace period is over, and gives back what it holds', async () => {
    const stage = aStage({ agents: ['endless'] });
    stage.start();
    await stage.wait(20);
    stopFleet(stage.universe, stage.machine(), 5_000);
    await stage.wait(20);
    expect(isRunning(stage)).toBe(false);
    expect(stage.github.story()).toEqual(['claim', 'receipt:interrupted', 'release']);
    expect(stage.github.issue().labels).toEqual(['ready-for-agent', 'agent-paused']);
    expect([...stage.machine().disk.worktrees]).toEqual([]);
  });

  it('gives back what it holds, at whatever moment of a start it is told to', async () => {
    for (let moment = 0; moment < 60; moment++) {
      const stage = aStage({ agents: ['endless'] });
      stage.start();
      await stage.wait(moment / 10);
      stopFleet(stage.universe, stage.machine(), 0);
      await stage.wait(20);
      expect([isRunning(stage), holderOf(stage)], `after ${moment / 10} s`).toEqual([false, null]);
    }
  });

  it('ends its agents, and itself, also while GitHub is out of reach', async () => {
    const stage = aStage({ agents: ['endless'] });
    stage.start();
    await stage.wait(20);
    cutOff(stage.universe, stage.machine(), 600_000);
    stopFleet(stage.universe, stage.machine(), 5_000);
    await stage.wait(15);
    const [session] = [...stage.machine().disk.sessions.values()];
    expect(session?.exit?.reason).toBe('stopped');
    await stage.wait(45);
    expect(isRunning(stage)).toBe(false);
  });
});

describe('a worker whose fleet is paused', () => {
  it('starts nothing that whoever paused it could not see', async () => {
    for (let moment = 0; moment < 30; moment++) {
      const stage = aStage({ agents: ['endless'] });
      stage.start();
      await stage.wait(moment / 10);
      const { disk } = stage.machine();
      disk.isPaused = true;
      const seen = disk.sessions.size;
      await stage.wait(10);
      expect(disk.sessions.size, `after ${moment / 10} s`).toBe(seen);
    }
  });
});
