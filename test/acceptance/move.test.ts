import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, REPO, type Town, until } from './fleet.ts';
import { agentsOf, ended, expectFinished, killAll, killWorkers } from './strikes.ts';

/** Waits until an agent has left committed, changed and new files, and goes on doing nothing. */
const untilScribbled = (fleet: Fleet) =>
  until('the agent has scribbled', 60_000, () => logsOf(fleet).includes('scribbled'));

function logsOf(fleet: Fleet): string {
  const logs = path.join(fleet.dir, '.harness/run/logs');
  return readdirSync(logs)
    .map(name => readFileSync(path.join(logs, name), 'utf8'))
    .join('');
}

const WHOLE = 'committed\nchanged\nuntracked\n';

const found = (town: Town) => town.git('show', 'main:work/found.txt');

const wipRefs = (town: Town) => town.git('for-each-ref', 'refs/harness/wip').trim();

const wipFiles = (town: Town) =>
  wipRefs(town) === '' ? '' : town.git('ls-tree', '-r', '--name-only', 'refs/harness/wip/1');

const labelsOf = async (town: Town, issue: number) =>
  (await town.api<{ labels: { name: string }[] }>(`issues/${issue}`)).labels.map(({ name }) => name);

describe('work that is moved to another host', () => {
  it('goes on there from all that was written, though the agent was deaf', async () => {
    const town = await aTown();
    const issue = town.issue('deaf');
    const [here, there] = await Promise.all([
      town.fleet('one', { HARNESS_PAUSE_GRACE: '2' }),
      town.fleet('two'),
    ]);
    await here.harness('start');
    await untilScribbled(here);
    const paused = await here.harness('pause', '--force', '--json');
    expect(paused.exit).toBe(0);
    expect(JSON.parse(paused.out)).toMatchObject({
      paused: true,
      saved: [{ issue, attempt: 1, state: 'saved', commits: 2, files: 3, hasHandoff: true }],
    });
    expect(agentsOf(here)).toEqual([]);
    expect(await labelsOf(town, issue)).toContain('agent-paused');
    expect(town.journal(issue).at(-1)?.op).toBe('release');
    expect(wipRefs(town)).toContain('refs/harness/wip/1');

    const movedAt = performance.now();
    await there.harness('start');
    await until('the other host goes on', 60_000, () => town.journal(issue).at(-1)?.attempt === 2);
    expect(performance.now() - movedAt).toBeLessThan(60_000);
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    await expectFinished(town, [issue]);
    expect(found(town)).toBe(`${WHOLE}The last words of the agent\n`);
    expect(wipRefs(town)).toBe('');
    expect(await labelsOf(town, issue)).not.toContain('agent-paused');
    await Promise.all([here.harness('stop'), there.harness('stop')]);
  }, 240_000);
});

describe('a host that is lost with everything on it', () => {
  it('has left to another host what its agent had written, though the worker was another one by then', async () => {
    const town = await aTown();
    const issue = town.issue('deaf');
    const settings = { HARNESS_LEASE_TTL: '5', HARNESS_CHECKPOINT: '1' };
    const [here, there] = await Promise.all([town.fleet('one', settings), town.fleet('two', settings)]);
    await here.harness('start');
    await until('the agent works', 60_000, () => agentsOf(here).length > 0);
    killWorkers(here);
    await here.harness('start');
    await untilScribbled(here);
    await until('all of it is saved', 60_000, () => wipFiles(town).includes('work/untracked.txt'));
    expect(town.journal(issue).at(-1)?.op).toBe('checkpoint');
    killAll(here);
    rmSync(here.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await there.harness('start');
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    await expectFinished(town, [issue]);
    expect(found(town)).toContain(WHOLE);
    expect(wipRefs(town)).toBe('');
    await there.harness('stop');
  }, 240_000);
});

describe('a fleet that is stopped', () => {
  it('saves what its agents have, with the handoff that they write', async () => {
    const town = await aTown();
    const issue = town.issue('polite');
    const fleet = await town.fleet('one');
    await fleet.harness('start');
    await untilScribbled(fleet);
    const stopped = await fleet.harness('stop', '--now', '--clean');
    expect(stopped.out).toMatch(/#1, attempt 1: saved as \w{10} \(2 commits, 3 files, with a handoff\)/);
    await expect.poll(() => fleet.processes()).toEqual([]);
    await fleet.harness('start');
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    expect(found(town)).toBe(`${WHOLE}The next step is to finish\n`);
    await fleet.harness('stop');
  }, 240_000);

  it('saves what is left of a session whose worker has died, too', async () => {
    const town = await aTown();
    const issue = town.issue('polite');
    const fleet = await town.fleet('one');
    await fleet.harness('start');
    await untilScribbled(fleet);
    killWorkers(fleet);
    const { saved } = JSON.parse((await fleet.harness('stop', '--now', '--json')).out);
    expect(saved).toMatchObject([{ issue, state: 'saved', files: 3 }]);
    await expect.poll(() => fleet.processes()).toEqual([]);
  }, 240_000);
});

describe('a host that lost everything but its disk', () => {
  it('has looked at what was under way when start --recover returns, and saved it', async () => {
    const town = await aTown();
    const facts = { repo: REPO, title: 'polite', body: 'Do it.', author: 'bot' };
    const issue = town.forge.addIssue({ ...facts, labels: ['ready-for-agent', 'needs:gpu'] });
    const [able, unable] = await Promise.all([
      town.fleet('one', { HARNESS_HOST_CAPABILITIES: 'gpu' }),
      town.fleet('two'),
    ]);
    await able.harness('start');
    await untilScribbled(able);
    const { fleets } = JSON.parse((await able.harness('hosts', '--json')).out);
    expect(fleets).toMatchObject([{ isHere: true, workers: 2, holds: [{ issue, attempt: 1 }] }]);
    killAll(able);
    // Paused, so that nothing but the recovery happens.
    await able.harness('pause');
    const { recovered } = JSON.parse((await able.harness('start', '--recover', '--json')).out);
    expect(recovered).toMatchObject([{ work: 'issues/1', attempt: 1, state: 'settled' }]);
    expect(town.git('show', 'refs/harness/wip/1:work/untracked.txt')).toBe('untracked\n');

    // It is free, and yet no work for a host that can't do it.
    await unable.harness('start');
    await until('the other host says what is missing', 60_000, async () =>
      (await unable.harness('explain', String(issue))).out.includes('gpu'),
    );
    expect((await unable.harness('hosts')).out).toMatch(/\(here\) .*2 workers +nothing/);
    await able.harness('resume');
    await town.untilClosed([issue]);
    await ended(town, [issue]);
    expect(found(town)).toContain(WHOLE);
    expect(new Set(town.journal(issue).map(({ fleet }) => fleet)).size).toBe(1);
    await Promise.all([able.harness('stop'), unable.harness('stop')]);
  }, 240_000);
});

describe('work that holds a secret', () => {
  it('is kept on its own host, and nothing of it becomes public', async () => {
    const town = await aTown();
    const secret = 'sk-live-4f9a8b7c6d5e4f3a2b1c';
    town.issue('leaky');
    const fleet = await town.fleet('one', { SOME_KEY: secret, HARNESS_PASS_ENV: 'SOME_KEY' });
    await fleet.harness('start');
    await untilScribbled(fleet);
    const { saved } = JSON.parse((await fleet.harness('stop', '--now', '--json')).out);
    expect(saved).toMatchObject([{ state: 'kept-here', reason: expect.stringContaining('holds secrets') }]);
    expect(wipRefs(town)).toBe('');
    expect(town.git('log', '--all', '-p')).not.toContain(secret);
  }, 240_000);
});
