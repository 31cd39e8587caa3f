import { expect, it } from 'vitest';
import { describePickUp, type PickUp } from '../../../src/commands/inject/pick-up.ts';

const told = (facts: Partial<PickUp>) =>
  describePickUp({ workers: 2, paused: false, others: [], ...facts }, 300);

it('says that the workers of this host take it up', () => {
  expect(told({})).toBe('2 workers of this fleet run and will take it up.\n');
  expect(told({ workers: 1 })).toBe('1 worker of this fleet runs and will take it up.\n');
});

it('promises nothing while the fleet is paused, or stopped', () => {
  expect(told({ paused: true })).toMatch(/paused: it starts nothing before `harness resume`/);
  expect(told({ workers: 0 })).toMatch(/^No worker runs on this host/);
  expect(told({ workers: 0, paused: true })).toMatch(/^No worker runs on this host/);
});

it('names other fleets by their last sign, and none that is gone', () => {
  const others = [
    { fleet: 'abc', silentSeconds: 40 },
    { fleet: 'def', silentSeconds: 4_000 },
  ];
  expect(told({ workers: 0, others })).toMatch(/start` starts them\.\nFleet abc was at work 40 s ago\.\n$/);
});
