import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, until } from './fleet.ts';
import { agentsOf, ended, expectFinished, killAll } from './strikes.ts';

describe('two fleets on one repository', () => {
  it('never work on the same issue', async () => {
    const town = await aTown();
    const gate = path.join(town.root, 'gate');
    mkdirSync(gate);
    const issues = Array.from({ length: 6 }, () => town.issue(`gated ${gate}/open`));
    const fleets = await Promise.all(
      ['one', 'two'].map(name => town.fleet(name, { HARNESS_SANDBOX_PATHS: gate })),
    );
    await Promise.all(fleets.map(fleet => fleet.harness('start')));
    await until('both are at work', 60_000, () => fleets.every(fleet => agentsOf(fleet).length > 0));
    writeFileSync(path.join(gate, 'open'), '');
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const journals = issues.map(issue => town.journal(issue));
    const owners = journals.map(entries => new Set(entries.map(entry => entry.fleet)));
    expect(journals.filter((_entries, index) => owners[index]?.size !== 1)).toEqual([]);
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
