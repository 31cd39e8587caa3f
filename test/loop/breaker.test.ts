import { expect, it } from 'vitest';
import { retryWork } from '../../src/loop/retry.ts';
import { aStage, type FleetOnStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

const COOL_DOWN_S = 3_600;
const CLAIM = 'claim';

const attemptsOf = (stage: Stage) => stage.github.story().filter(op => op === CLAIM).length;

/** Ticks until nothing is dispatched any more; what holds the issue then. */
async function untilHeld(stage: Stage, fleets: readonly FleetOnStage[]) {
  for (let turn = 0; turn < 40; turn += 1) {
    for (const fleet of fleets) {
      await fleet.untilAgentsStop();
      const { actions, holds } = await fleet.tick();
      if (actions.length === 0 && holds.length > 0) return holds[0];
    }
    await stage.wait(5);
  }
  throw new Error('It is never held.');
}

const HELD = { code: 'breaker', reason: expect.stringContaining('again and again') };

it('lets one probe go after each cool-down, over all hosts, and closes with a success', async () => {
  const stage = aStage({ hosts: 2, agents: ['wrong', 'wrong', 'wrong', 'wrong', 'good'] });
  const fleets = [stage.fleet('h1'), stage.fleet('h2')];
  expect(await untilHeld(stage, fleets)).toMatchObject(HELD);
  expect(attemptsOf(stage)).toBe(3);
  await stage.wait(COOL_DOWN_S);
  expect(await untilHeld(stage, fleets)).toMatchObject(HELD);
  expect(attemptsOf(stage)).toBe(4);
  await stage.wait(COOL_DOWN_S / 2);
  expect(await untilHeld(stage, fleets)).toMatchObject(HELD);
  expect(attemptsOf(stage)).toBe(4);
  await stage.wait(COOL_DOWN_S / 2 + 60);
  await fleets[1]?.finish();
  expect(attemptsOf(stage)).toBe(5);
  expect(stage.github.issue().state).toBe('closed');
});

it('is opened by the word of a person before its time, which forgets what failed', async () => {
  const stage = aStage({ agents: ['wrong', 'wrong', 'wrong', 'wrong', 'good'] });
  const here = stage.fleet();
  expect(await untilHeld(stage, [here])).toMatchObject(HELD);
  const work = { repo: STAGE_REPO, unit: 'main', issue: 1 };
  expect(await stage.until(retryWork(here.engine, work))).toBe(3);
  await here.finish();
  expect(attemptsOf(stage)).toBe(5);
  expect(stage.github.issue().state).toBe('closed');
});
