import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, kill, ONE_WORKER, until } from './fleet.ts';
import { agentsOf, driverOf, ended, expectFinished } from './strikes.ts';

describe('a fleet', () => {
  it('closes issues in order, each by one merged pull request, and leaves the checkout of its user as it was', async () => {
    const town = await aTown();
    const first = town.issue('first');
    const second = town.issue('second', { after: [first] });
    const fleet = await town.fleet('one');
    const before = stateOf(fleet);
    const started = await fleet.harness('start');
    expect(started).toMatchObject({ exit: 0, err: '' });
    town.forge.requests.clear();
    await town.untilClosed([first, second]);
    await ended(town, [first, second]);
    // Checks and branches are asked by time, and cost something only when they changed.
    const paid = town.forge.requests
      .all({ login: 'bot' })
      .filter(({ route, rateLimitCost }) => rateLimitCost > 0 && !/commits|matching-refs/.test(route));
    expect(paid.length).toBeLessThanOrEqual(15 * 2);
    await expectFinished(town, [first, second]);
    const claimedSecond = Date.parse(town.journal(second)[0]?.at ?? '');
    const landedFirst = Date.parse(town.journal(first).find(entry => entry.landed)?.at ?? '');
    expect(claimedSecond).toBeGreaterThanOrEqual(landedFirst - 1_000);
    expect((await fleet.harness('stop')).exit).toBe(0);
    await expect.poll(() => fleet.processes()).toEqual([]);
    expect(stateOf(fleet)).toEqual(before);
  });

  it('catches a wrong, a lying, a meddling, a silent, a crashing and a garbling agent, and tries again', async () => {
    const town = await aTown();
    const issues = ['wrong', 'liar', 'meddler', 'silent', 'crash', 'garbage'].map(title => town.issue(title));
    const fleet = await town.fleet('one', ONE_WORKER);
    await fleet.harness('start');
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const firstFailures = issues.map(
      n => town.journal(n).find(entry => entry.op === 'receipt')?.failure?.class,
    );
    expect(firstFailures).toEqual([
      'verify',
      'substance',
      'scope',
      'no-outcome',
      'agent-crash',
      'outcome-invalid',
    ]);
    await fleet.harness('stop');
  }, 240_000);

  it('prepares every worktree and every verification as the policy says', async () => {
    const town = await aTown();
    const issue = town.issue('first');
    const fleet = await town.fleet('one', {
      ...ONE_WORKER,
      HARNESS_SETUP: 'echo set up >> "$HOME/steps"',
      // What is written outside of the checkout would be gone with the sandbox.
      HARNESS_SANDBOX: 'off',
      HARNESS_WORKTREE_HOOK: 'echo hook in "$(git branch --show-current)" >> "$HOME/steps"',
    });
    await fleet.harness('start');
    await town.untilClosed([issue]);
    await fleet.harness('stop');
    const steps = readFileSync(path.join(fleet.home, 'steps'), 'utf8');
    expect(steps).toBe(`set up\nhook in issue/${issue}\nset up\n`);
  });
});

describe('a standby', () => {
  it('takes the unit over when the worker that drives it dies', async () => {
    const town = await aTown();
    const issues = ['slow one', 'slow two'].map(title => town.issue(title));
    issues.push(town.issue('last', { after: issues }));
    const fleet = await town.fleet('one');
    await fleet.harness('start');
    await until('an agent works', 60_000, () => agentsOf(fleet).length > 0);
    kill(driverOf(fleet));
    await town.untilClosed(issues);
    await ended(town, issues);
    await expectFinished(town, issues);
    const workers = issues.flatMap(issue => town.journal(issue).map(entry => entry.worker));
    expect(new Set(workers).size).toBe(2);
    await fleet.harness('stop');
    await expect.poll(() => fleet.processes()).toEqual([]);
  }, 240_000);
});

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
