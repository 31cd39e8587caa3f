import { describe, expect, it } from 'vitest';
import { explain } from '../../src/core/explain.ts';
import { approveHead } from '../../src/loop/approve.ts';
import { look } from '../../src/loop/observe.ts';
import { closePull } from '../../src/simulate/github/pulls.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

/** Until the pull request is open and waits for others. */
async function untilItWaits(stage: Stage) {
  const here = stage.fleet();
  await here.untilAgentsStop();
  await here.tick();
  const [pull] = stage.github.pulls();
  if (!pull) throw new Error('There is no pull request.');
  return { here, pull };
}

describe('a landing that waits for checks', () => {
  it('holds neither the train nor other work, and goes on when they passed', async () => {
    const stage = aStage({ issues: [{}, {}], config: { HARNESS_CAP: '1' } });
    stage.github.remote.hasChecks = true;
    const { here, pull } = await untilItWaits(stage);
    await here.tick();
    expect([...stage.github.remote.journals.keys()].some(ref => ref.includes('landing'))).toBe(false);
    expect(stage.github.story(2)).toEqual(['claim']);
    pull.checks = 'pass';
    await here.tick();
    expect(stage.github.issue().state).toBe('closed');
  });

  it('asks nothing and writes nothing while they run', async () => {
    const stage = aStage();
    stage.github.remote.hasChecks = true;
    const { here } = await untilItWaits(stage);
    const { tip } = stage.github.journal();
    const before = stage.universe.trace.events.length;
    for (let turn = 0; turn < 5; turn += 1) await here.tick();
    expect(stage.github.journal().tip).toBe(tip);
    expect(stage.universe.trace.events.slice(before).filter(({ who }) => who !== 'github')).toEqual([]);
  });

  it('ends when its issue asks for something else meanwhile', async () => {
    const stage = aStage({ config: { HARNESS_MAX_ATTEMPTS: '1' } });
    stage.github.remote.hasChecks = true;
    const { here } = await untilItWaits(stage);
    stage.github.edit(1, { body: 'Something else.', lastEditor: 'alice' });
    await here.tick();
    expect(stage.github.story().slice(0, 3)).toEqual(['claim', 'landing', 'receipt:cancelled']);
  });

  it('verifies once, though its process dies in between', async () => {
    const stage = aStage();
    stage.github.remote.hasChecks = true;
    const { here, pull } = await untilItWaits(stage);
    here.process.isAlive = false;
    let runs = 0;
    const next = stage.fleet('h1', engine => ({
      ...engine,
      commands: {
        run: command => {
          runs += 1;
          return engine.commands.run(command);
        },
      },
    }));
    pull.checks = 'pass';
    await next.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(runs).toBe(0);
  });

  it('is explained with the word of every gate, and so is what came of it', async () => {
    const stage = aStage();
    stage.github.remote.hasChecks = true;
    const { here, pull } = await untilItWaits(stage);
    const changeOf = async () => explain((await stage.until(look(here.engine))).world, '1').change;
    const names = ['outcome', 'substance', 'scope', 'secrets', 'messages', 'weakened', 'verify', 'checks'];
    expect((await changeOf()).map(({ gate }) => gate)).toEqual(expect.arrayContaining(names));
    expect(await changeOf()).toContainEqual(expect.objectContaining({ gate: 'checks', verdict: 'unknown' }));
    pull.checks = 'pass';
    await here.finish();
    expect(await changeOf()).toContainEqual(expect.objectContaining({ gate: 'read-back', verdict: 'pass' }));
  });

  it('gives what failed to the next attempt, and holds the issue after so many', async () => {
    const stage = aStage({ config: { HARNESS_CI_ATTEMPTS: '2' } });
    stage.github.remote.hasChecks = true;
    const { here, pull } = await untilItWaits(stage);
    pull.checks = 'fail';
    await here.tick();
    expect(stage.github.story()).toContain('receipt:checks');
    expect(stage.github.comments().join()).toContain('it is broken');
    await here.untilAgentsStop();
    await here.tick();
    pull.checks = 'fail';
    await here.tick();
    const { holds } = await here.tick();
    expect(holds).toMatchObject([
      { code: 'attempts', reason: expect.stringContaining('build, in 2 attempts') },
    ]);
    expect(pull.state).toBe('open');
  });
});

describe('a landing that waits for a person', () => {
  const config = { HARNESS_REVIEW: 'human' };

  it('says so, and lands when a person approves its head', async () => {
    const stage = aStage({ config });
    const { here, pull } = await untilItWaits(stage);
    expect(stage.github.comments().join()).toContain(`harness approve\` for ${pull.headSha}`);
    const { holds } = await here.tick();
    expect(holds).toMatchObject([{ code: 'working', reason: expect.stringMatching(/waits for the review/) }]);
    pull.reviews.push({ by: 'bob', sha: 'another', verdict: 'approved', body: '' });
    await here.tick();
    expect(stage.github.issue().state).toBe('open');
    pull.reviews.push({ by: 'bob', sha: pull.headSha, verdict: 'approved', body: '' });
    await here.tick();
    expect(stage.github.issue().state).toBe('closed');
  });

  it('ends when a person closes its pull request, and opens no other', async () => {
    const stage = aStage({ config });
    const { here, pull } = await untilItWaits(stage);
    closePull(stage.universe, stage.github.remote, pull, 'alice');
    await here.tick();
    expect(stage.github.story()).toContain('receipt:cancelled');
    expect(stage.github.pulls()).toHaveLength(1);
  });

  it('lands when its head is approved by a command, and by no other head', async () => {
    const stage = aStage({ config });
    const { here, pull } = await untilItWaits(stage);
    const approve = (sha: string) =>
      stage.until(approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha }));
    await expect(approve('f'.repeat(40))).rejects.toThrow(/is not the head/);
    await approve(pull.headSha);
    await here.finish();
    const receipt = stage.github.journal().entries.find(({ op }) => op === 'receipt');
    expect(receipt?.gates).toContainEqual({
      gate: 'review',
      verdict: 'pass',
      reason: 'fleet-bot approved it with `harness approve`',
    });
  });

  it('begins again with what a person asks for', async () => {
    const stage = aStage({ config });
    const { here, pull } = await untilItWaits(stage);
    const first = pull.headSha;
    pull.reviews.push({ by: 'bob', sha: first, verdict: 'changes_requested', body: 'Name it better.' });
    await here.tick();
    expect(stage.github.story()).toContain('receipt:review');
    expect(stage.github.comments().join()).toContain('Name it better.');
    await here.untilAgentsStop();
    await here.tick();
    expect(pull.headSha).not.toBe(first);
    expect(stage.github.issue().state).toBe('open');
  });

  it('gives up when a person closes the issue', async () => {
    const stage = aStage({ config });
    const { here, pull } = await untilItWaits(stage);
    stage.github.edit(1, { state: 'closed', stateReason: 'not_planned' });
    await here.finish();
    expect(stage.github.story()).toContain('receipt:cancelled');
    expect(pull.mergeCommit).toBeNull();
  });
});
