import { expect, it } from 'vitest';
import { describePickUp, type PickUp } from '../../../src/commands/inject/pick-up.ts';
import { leftAlone } from '../../../src/core/left-alone.ts';
import { parseSettings } from '../../../src/core/parse-settings.ts';

const told = (facts: Partial<PickUp>) =>
  describePickUp({ workers: 2, paused: false, others: [], left: [], taken: 1, ...facts }, 300);

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

it('promises nothing of issues that the fleet does not look at', () => {
  const left = [{ title: 'Count words', reason: 'it has none of the labels' }];
  expect(told({ left })).toBe(
    'Nobody takes up "Count words": it has none of the labels.\n2 workers of this fleet run and will take the rest up.\n',
  );
  expect(told({ left, taken: 0 })).toBe('Nobody takes up "Count words": it has none of the labels.\n');
});

it('knows which issues those are, by their labels and the mode', () => {
  const settings = parseSettings({ HARNESS_LABEL_READY: 'go' });
  const why = (...labels: readonly string[]) => leftAlone({ title: 'T', labels }, settings);
  expect([why('Go'), why('bug')]).toEqual([null, null]);
  expect(why('later')).toBe('it has none of the labels go, prd and bug');
  expect(why('prd')).toBe('it is a PRD, and HARNESS_MODE is issue-only');
  expect(leftAlone({ title: 'T', labels: ['prd'] }, parseSettings({ HARNESS_MODE: 'prd' }))).toBeNull();
});
