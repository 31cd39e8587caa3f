import { expect, it } from 'vitest';
import { type FleetFact, type HostsFacts, renderHosts } from '../../src/render/hosts.ts';

const aFleet = (facts: Partial<FleetFact>): FleetFact => ({
  fleet: '0123456789ab',
  host: 'h',
  isHere: false,
  workers: null,
  silentMs: 40_000,
  holds: [],
  ...facts,
});

const render = (fleets: readonly FleetFact[], facts: Partial<HostsFacts> = {}, width = 100) =>
  renderHosts({ repos: ['acme/app'], ttlSeconds: 300, fleets, ...facts }, { width });

const held = (issue: number, attempt = 1) => ({ repo: 'acme/app', issue, attempt });

it('says that there is nobody', () => {
  expect(render([])).toBe('No fleet is at work in acme/app, and none runs here.\n');
});

it('lists who is there, what they hold and how old their last sign is', () => {
  const text = render([
    aFleet({ fleet: 'here', isHere: true, workers: 2, holds: [held(7), held(9, 2)] }),
    aFleet({ fleet: 'there', silentMs: 3_600_000 }),
  ]);
  expect(text.split('\n')[1]).toMatch(/^here \(here\) +40 s ago, 2 workers +#7, #9 \(attempt 2\)$/);
  expect(text.split('\n')[2]).toMatch(/^there +1 h ago +nothing$/);
});

it('says who has been silent for too long with something in hand', () => {
  expect(render([aFleet({ silentMs: 301_000, holds: [held(7)] })])).toContain('5 min ago, too long');
  expect(render([aFleet({ silentMs: 301_000 })])).not.toContain('too long');
});

it('keeps to a narrow terminal', () => {
  const many = Array.from({ length: 30 }, (_none, at) => held(at + 1));
  const lines = render([aFleet({ holds: many })], {}, 40).split('\n');
  expect(lines.every(line => [...line].length <= 40)).toBe(true);
});

it('names the repository of each issue where there are several', () => {
  expect(render([aFleet({ holds: [held(7)] })], { repos: ['acme/app', 'acme/lib'] })).toContain('acme/app#7');
});
