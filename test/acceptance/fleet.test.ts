import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, kill, type Town, until } from './fleet.ts';

interface PullRow {
  readonly number: number;
  readonly merged_at: string | null;
  readonly head: { readonly ref: string };
}

/** What must be true of finished issues however rough the way there was. */
async function expectFinished(town: Town, issues: readonly number[]): Promise<void> {
  const pulls = await town.api<PullRow[]>('pulls?state=all&per_page=100');
  for (const issue of issues) {
    const merged = pulls.filter(pull => pull.merged_at !== null && pull.head.ref === `issue/${issue}`);
    expect(merged, `merged pull requests of #${issue}`).toHaveLength(1);
    const entries = town.journal(issue);
    const claimed = entries.filter(entry => entry.op === 'claim').map(entry => entry.attempt);
    const receipts = entries.filter(entry => entry.op === 'receipt').map(entry => entry.attempt);
    expect(receipts, `receipts of #${issue}`).toEqual(claimed);
    expect(entries.at(-1)?.op, `last entry of #${issue}`).toBe('release');
    const text = town.git('show', `main:work/${issue}.txt`);
    expect(text).toBe('right\n');
  }
}

const ended = (town: Town, issues: readonly number[]) =>
  until('every attempt has its receipt', 20_000, () =>
    issues.every(issue => town.journal(issue).at(-1)?.op === 'release'),
  );

describe('a fleet', () => {
  it('closes issues in the order of their dependencies, each by one merged pull request', async () => {
    const town = await aTown();
    const first = town.issue('first');
    const second = town.issue('second', { after: [first] });
    const fleet = await town.fleet('one');
    const started = await fleet.harness('start');
    expect(started).toMatchObject({ exit: 0, err: '' });
    await town.untilClosed([first, second]);
    await ended(town, [first, second]);
    await expectFinished(town, [first, second]);
    const claimedSecond = Date.parse(town.journal(second)[0]?.at ?? '');
    const landedFirst = Date.parse(town.journal(first).find(entry => entry.landed)?.at ?? '');
    expect(claimedSecond).toBeGreaterThanOrEqual(landedFirst - 1_000);
    expect((await fleet.harness('stop')).exit).toBe(0);
    expect(fleet.processes()).toEqual([]);
  });

  it('catches a wrong, a lying, a silent, a crashing and a garbling agent, and tries again', async () => {
    const town = await aTown();
    const issues = ['wrong', 'liar', 'silent', 'crash', 'garbage'].map(title => town.issue(title));
    const fleet = await town.fleet('one');
    await fleet.harness('start');
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const firstFailures = issues.map(
      n => town.journal(n).find(entry => entry.op === 'receipt')?.failure?.class,
    );
    expect(firstFailures).toEqual(['verify', 'substance', 'no-outcome', 'agent-crash', 'outcome-invalid']);
    await fleet.harness('stop');
  });

  it('prepares every worktree and every verification as the policy says', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one', {
      HARNESS_SETUP: 'echo set up >> "$HOME/steps"',
      HARNESS_WORKTREE_HOOK: 'echo hook in "$(git branch --show-current)" >> "$HOME/steps"',
    });
    await fleet.harness('start');
    await town.untilClosed([issue]);
    await fleet.harness('stop');
    const steps = readFileSync(path.join(fleet.home, 'steps'), 'utf8');
    expect(steps).toBe(`set up\nhook in issue/${issue}\nset up\n`);
  });

  it('leaves the checkout of its user as it was', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one');
    const before = stateOf(fleet);
    await fleet.harness('start');
    await town.untilClosed([issue]);
    await fleet.harness('stop');
    expect(stateOf(fleet)).toEqual(before);
  });
});

describe('after kill -9', () => {
  const ISSUES = ['slow one', 'slow two', 'slow three'];

  it.each([
    ['of all workers', killWorkers],
    ['of an agent', killAgent],
    ['of the tmux server', killTmux],
    ['of everything at once', killAll],
    ['of everything, and the loss of all that the host kept', loseHost],
  ])(
    '%s, start finishes every issue once',
    async (_what, strike) => {
      const town = await aTown();
      const issues = ISSUES.map(title => town.issue(title));
      issues.push(town.issue('last', { after: issues }));
      const fleet = await town.fleet('one');
      await fleet.harness('start');
      await until('an agent works', 15_000, () => agentsOf(fleet).length > 0);
      strike(fleet);
      const again = await fleet.harness('start');
      expect(again.err).toBe('');
      await town.untilClosed(issues);
      await ended(town, issues);
      await expectFinished(town, issues);
      await fleet.harness('stop');
      expect(fleet.processes()).toEqual([]);
    },
    90_000,
  );
});

describe('a standby', () => {
  it('takes the unit over when the worker that drives it dies', async () => {
    const town = await aTown();
    const issues = ['slow one', 'slow two'].map(title => town.issue(title));
    issues.push(town.issue('last', { after: issues }));
    const fleet = await town.fleet('one');
    await fleet.harness('start');
    await until('an agent works', 15_000, () => agentsOf(fleet).length > 0);
    kill(driverOf(fleet));
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const workers = issues.flatMap(issue => town.journal(issue).map(entry => entry.worker));
    expect(new Set(workers).size).toBe(2);
    await fleet.harness('stop');
    expect(fleet.processes()).toEqual([]);
  }, 90_000);
});

describe('two fleets on one repository', () => {
  it('never work on the same issue', async () => {
    const town = await aTown();
    const issues = Array.from({ length: 6 }, (_none, index) => town.issue(`slow ${index}`));
    const fleets = await Promise.all([town.fleet('one'), town.fleet('two')]);
    await Promise.all(fleets.map(fleet => fleet.harness('start')));
    await town.untilClosed(issues, 60_000);
    await ended(town, issues);
    await expectFinished(town, issues);
    const owners = issues.map(issue => new Set(town.journal(issue).map(entry => entry.fleet)));
    expect(owners.every(fleet => fleet.size === 1)).toBe(true);
    expect(new Set(owners.flatMap(fleet => [...fleet])).size).toBe(2);
    await Promise.all(fleets.map(fleet => fleet.harness('stop')));
  }, 90_000);
});

describe('a host that dies', () => {
  it('loses its leases to a running fleet, which does the work once', async () => {
    const town = await aTown();
    const issue = town.issue('endless-once');
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => town.fleet(name, { HARNESS_LEASE_TTL: '5' })) as [
        Promise<Fleet>,
        Promise<Fleet>,
      ],
    );
    await one.harness('start');
    await until('an agent works', 15_000, () => agentsOf(one).length > 0);
    await two.harness('start');
    killAll(one);
    await town.untilClosed([issue], 30_000);
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
  }, 90_000);

  it('keeps its leases as long as it gives signs of life', async () => {
    const town = await aTown();
    const issue = town.issue('patient');
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => town.fleet(name, { HARNESS_LEASE_TTL: '5' })) as [
        Promise<Fleet>,
        Promise<Fleet>,
      ],
    );
    await one.harness('start');
    await until('an agent works', 15_000, () => agentsOf(one).length > 0);
    await two.harness('start');
    await town.untilClosed([issue], 30_000);
    await ended(town, [issue]);
    expect(town.journal(issue).map(entry => entry.op)).toEqual(['claim', 'landing', 'receipt', 'release']);
    await Promise.all([one.harness('stop'), two.harness('stop')]);
  }, 90_000);
});

const agentsOf = (fleet: Fleet) =>
  fleet.processes().filter(({ command }) => command.includes('scripted.mjs'));

/** Pid of the worker whose log says last that it drives. */
function driverOf(fleet: Fleet): number {
  const logs = path.join(fleet.dir, '.harness/run/logs');
  const driver = readdirSync(logs).find(name =>
    readFileSync(path.join(logs, name), 'utf8').includes('drives unit'),
  );
  const slot = /worker-w(\d+)/.exec(driver ?? '')?.[1];
  return fleet.processes().find(({ command }) => command.endsWith(` worker --slot ${slot}`))?.pid ?? 0;
}

function killWorkers(fleet: Fleet): void {
  for (const { pid, command } of fleet.processes()) if (/ worker --slot/.test(command)) kill(pid);
}

function killAgent(fleet: Fleet): void {
  const [agent] = agentsOf(fleet);
  if (agent) kill(agent.pid);
}

function killTmux(fleet: Fleet): void {
  for (const { pid, command } of fleet.processes()) if (command.startsWith('tmux')) kill(pid);
}

function killAll(fleet: Fleet): void {
  for (const { pid } of fleet.processes()) kill(pid);
}

function loseHost(fleet: Fleet): void {
  killAll(fleet);
  rmSync(path.join(fleet.dir, '.harness/run'), { recursive: true, force: true });
  rmSync(path.join(fleet.home, '.harness'), { recursive: true, force: true });
}

/** HEAD, index, refs, configuration, ignore list and files of a checkout, without Harness's own directory. */
function stateOf(fleet: Fleet): unknown {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', fleet.dir, ...args], { encoding: 'utf8', env: fleet.env });
  return {
    head: git('rev-parse', 'HEAD'),
    status: git('status', '--porcelain=v2', '--untracked-files=all', '--ignored=no'),
    refs: git('for-each-ref'),
    config: git('config', '--list', '--local'),
    index: git('ls-files', '--stage'),
    files: readdirSync(fleet.dir).filter(name => name !== '.harness'),
    git: readdirSync(path.join(fleet.dir, '.git')).sort(),
  };
}
