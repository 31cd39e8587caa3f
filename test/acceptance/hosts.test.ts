import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, until } from './fleet.ts';
import { agentsOf, ended, expectFinished, killAll } from './strikes.ts';

describe('two fleets on one repository', () => {
  it('never work on the same issue', async () => {
    const town = await aTown();
    const issues = Array.from({ length: 6 }, (_none, index) => town.issue(`slow ${index}`));
    const fleets = await Promise.all([town.fleet('one'), town.fleet('two')]);
    await Promise.all(fleets.map(fleet => fleet.harness('start')));
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const owners = issues.map(issue => new Set(town.journal(issue).map(entry => entry.fleet)));
    expect(owners.every(fleet => fleet.size === 1)).toBe(true);
    expect(new Set(owners.flatMap(fleet => [...fleet])).size).toBe(2);
    await Promise.all(fleets.map(fleet => fleet.harness('stop')));
  }, 240_000);
});

describe('a host that dies', () => {
  it('loses its leases to a running fleet, which does the work once', async () => {
    const town = await aTown();
    const issue = town.issue('endless-once');
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => town.fleet(name, { HARNESS_LEASE_TTL: '10' })) as [
        Promise<Fleet>,
        Promise<Fleet>,
      ],
    );
    await one.harness('start');
    await until('an agent works', 60_000, () => agentsOf(one).length > 0);
    await two.harness('start');
    killAll(one);
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    await expectFinished(town, [issue]);
    const ops = town.journal(issue).map(entry => entry.op);
    expect(ops).toEqual([
      'claim',
      'takeover',
      'receipt',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
    expect(new Set(town.journal(issue).map(entry => entry.fleet)).size).toBe(2);
    await two.harness('stop');
  }, 240_000);

  it('keeps its leases as long as it gives signs of life', async () => {
    const town = await aTown();
    const issue = town.issue('patient');
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => town.fleet(name, { HARNESS_LEASE_TTL: '10' })) as [
        Promise<Fleet>,
        Promise<Fleet>,
      ],
    );
    await one.harness('start');
    await until('an agent works', 60_000, () => agentsOf(one).length > 0);
    await two.harness('start');
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    expect(town.journal(issue).map(entry => entry.op)).toEqual(['claim', 'landing', 'receipt', 'release']);
    await Promise.all([one.harness('stop'), two.harness('stop')]);
  }, 240_000);
});
