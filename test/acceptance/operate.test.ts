import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { aTown, type Fleet, ONE_WORKER, until } from './fleet.ts';
import { agentsOf, ended, expectFinished } from './strikes.ts';

it('starts nothing new while paused, lets what runs finish, and goes on when resumed', async () => {
  const town = await aTown();
  const first = town.issue('slow first');
  const fleet = await town.fleet('one', { ...ONE_WORKER, HARNESS_CAP: '1' });
  await fleet.harness('start');
  await until('an agent works', 60_000, () => agentsOf(fleet).length > 0);
  expect((await fleet.harness('pause')).out).toMatch(/^Paused/);
  const second = town.issue('second');
  await town.untilClosed([first]);
  await until('status says why the second waits', 60_000, async () => {
    const { decision } = JSON.parse((await fleet.harness('status', '--json')).out);
    return decision.holds.some(
      (hold: { issue: number; code: string }) => hold.issue === second && hold.code === 'paused',
    );
  });
  expect(town.journal(second)).toEqual([]);
  expect((await fleet.harness('resume')).out).toMatch(/^Resumed/);
  await town.untilClosed([second]);
  await ended(town, [first, second]);
  await expectFinished(town, [first, second]);
  await fleet.harness('stop');
}, 240_000);

/** Runs a command until it has said something, and presses Ctrl-C then. */
async function interrupted(fleet: Fleet, ...args: readonly string[]) {
  const program = path.resolve(import.meta.dirname, '../../bin/harness');
  const running = execa(program, args, { cwd: fleet.dir, env: fleet.env, extendEnv: false, reject: false });
  running.stdout?.once('data', () => running.kill('SIGINT'));
  return running;
}

it('says that not all is saved to whoever stops waiting for it, and goes on with it', async () => {
  const town = await aTown();
  town.issue('deaf');
  const fleet = await town.fleet('one', ONE_WORKER);
  await fleet.harness('start');
  await until('an agent works', 60_000, () => agentsOf(fleet).length > 0);
  const pausing = await interrupted(fleet, 'pause', '--force');
  expect(pausing).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('not all is saved yet') });
  const stopping = await interrupted(fleet, 'stop');
  expect(stopping).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('`harness stop` waits') });
  const stopped = await fleet.harness('stop', '--now');
  expect(stopped).toMatchObject({ exit: 0, out: expect.stringMatching(/#1, attempt 1: .*\nStopped\.$/) });
  await expect.poll(() => fleet.processes()).toEqual([]);
}, 240_000);

it('tries an issue again on a person’s word when its attempts are used up', async () => {
  const town = await aTown();
  const issue = town.issue('liar');
  const fleet = await town.fleet('one', { ...ONE_WORKER, HARNESS_MAX_ATTEMPTS: '1' });
  await fleet.harness('start');
  const code = async () => {
    const { decision } = JSON.parse((await fleet.harness('status', '--json')).out);
    return decision.holds.find((hold: { issue: number }) => hold.issue === issue)?.code;
  };
  await until('the issue is held', 60_000, async () => (await code()) === 'attempts');
  expect((await fleet.harness('next')).out).toContain('harness retry acme/app#1');
  const ran = await fleet.harness('retry', String(issue));
  expect(ran).toMatchObject({ exit: 0, out: expect.stringMatching(/1 failure no longer/) });
  await town.untilClosed([issue]);
  await ended(town, [issue]);
  expect(town.journal(issue).map(entry => entry.op)).toContain('retry');
  expect((await fleet.harness('retry', String(issue))).out).toMatch(/no failures/);
  expect((await fleet.harness('retry', 'nonsense')).exit).toBe(2);
  expect(await fleet.harness('retry', '99')).toMatchObject({
    exit: 4,
    err: expect.stringMatching(/issues\/99.*404/),
  });
  await fleet.harness('stop');
}, 240_000);
