import { describe, expect, it } from 'vitest';
import { answerIssue } from '../../src/loop/answer.ts';
import type { Behaviour } from '../../src/simulate/agents/behaviours.ts';
import { aStage, STAGE_REPO } from '../helpers/ports.ts';

describe('an attempt that comes to nothing', () => {
  it.each<[Behaviour, string]>([
    ['idle', 'substance'],
    ['untidy', 'substance'],
    ['rewriting', 'substance'],
    ['wrong', 'verify'],
    ['silent', 'no-outcome'],
    ['garbled', 'outcome-invalid'],
    ['dying', 'killed'],
    ['endless', 'timeout'],
    ['blocked', 'blocked'],
    ['failed', 'gave-up'],
  ])('of an agent that is %s ends with one receipt: %s', async (behaviour, failure) => {
    const stage = aStage({
      agents: [behaviour],
      config: { HARNESS_BACKOFF: '3600', HARNESS_CHECKPOINT: '0' },
    });
    const here = stage.fleet();
    await here.untilAgentsStop();
    await here.tick();
    await here.tick();
    expect(stage.github.story()).toEqual(['claim', `receipt:${failure}`, 'release']);
    expect(stage.github.pulls()).toEqual([]);
    expect(stage.github.issue().labels).toEqual(['ready-for-agent']);
    expect([...stage.machine().disk.worktrees]).toEqual([]);
  });

  it('waits for a person who confirms it, when it found nothing to do', async () => {
    const stage = aStage();
    let isIdle = true;
    const here = stage.fleet('h1', engine => ({
      ...engine,
      sessions: {
        ...engine.sessions,
        list: async () => {
          const sessions = await engine.sessions.list();
          return sessions.map(session => {
            if (!isIdle || session.outcome.kind !== 'valid') return session;
            const outcome = {
              ...session.outcome.outcome,
              status: 'nothing-to-do',
              summary: 'it is there',
            } as const;
            return { ...session, outcome: { kind: 'valid', outcome } as const };
          });
        },
      },
    }));
    await here.untilAgentsStop();
    await here.tick();
    const { holds } = await here.tick();
    expect(stage.github.story()).toEqual(['claim', 'receipt:blocked', 'release']);
    expect(holds).toMatchObject([{ code: 'attempts', reason: expect.stringContaining('it is there') }]);
    expect(stage.github.issue().labels).toContain('agent-blocked');

    isIdle = false;
    await stage.until(
      answerIssue(here.engine, { repo: STAGE_REPO, unit: 'main', number: 1, answer: 'The other one.' }),
    );
    await here.finish();
    expect(stage.github.issue()).toMatchObject({ state: 'closed', labels: ['ready-for-agent'] });
  });

  it('waits for a person, where questions are for people', async () => {
    const config = { HARNESS_AUTONOMOUS: 'false', HARNESS_BACKOFF: '0' };
    const stage = aStage({ agents: ['blocked'], config });
    await stage.fleet().finish();
    expect(stage.github.issue()).toMatchObject({
      state: 'open',
      labels: ['ready-for-agent', 'agent-blocked'],
    });
  });

  it('is tried again after a while, longer each time', async () => {
    const stage = aStage({ agents: ['silent', 'silent'], config: { HARNESS_BACKOFF: '100' } });
    stage.start();
    await stage.wait(900);
    const claims = stage.github.journal().entries.filter(({ op }) => op === 'claim');
    const [first = 0, second = 0, third = 0] = claims.map(({ at }) => Date.parse(at));
    expect(second - first).toBeGreaterThan(100_000);
    expect(third - second).toBeGreaterThan(200_000);
  });
});

describe('what an agent does after it has said that it is done', () => {
  it('changes nothing of what lands', async () => {
    const stage = aStage({ agents: ['restless'] });
    const here = stage.fleet();
    await here.untilAgentsStop();
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.universe.watch.violations).toEqual([]);
  });
});

describe('a change that conflicts with the base', () => {
  it('is made again from the new base', async () => {
    const stage = aStage({ issues: [{ wish: 'shared' }, { wish: 'shared' }] });
    await stage.fleet().finish();
    const stories = [stage.github.story(1), stage.github.story(2)].map(ops => ops.join(' '));
    expect(stories.filter(story => story.includes('receipt:conflict'))).toHaveLength(1);
    expect(
      stage.github
        .files()
        .shared?.split('\n')
        .filter(line => line !== '')
        .sort(),
    ).toEqual(['line of 1', 'line of 2']);
  });
});
