import { describe, expect, it } from 'vitest';
import { aStage } from '../helpers/ports.ts';
import { section } from '../helpers/world.ts';

describe('an issue that agents may take', () => {
  it('is worked on, verified, merged and closed, and leaves nothing behind', async () => {
    const stage = aStage();
    await stage.fleet().finish();
    const { github } = stage;
    expect(github.issue()).toMatchObject({
      state: 'closed',
      stateReason: 'completed',
      labels: ['ready-for-agent'],
    });
    expect(github.files()).toMatchObject({ 'own/1': 'done 1, attempt 1' });
    expect(github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
    expect(github.pulls().map(({ head, mergedBy }) => [head, mergedBy])).toEqual([['issue/1', 'engine']]);
    expect([...github.remote.branches.keys()]).toEqual(['refs/heads/main']);
    expect([...stage.machine().disk.worktrees.keys()]).toEqual([]);
  });

  it('is shown as being worked on while an agent works', async () => {
    const stage = aStage({ agents: ['slow'] });
    await stage.fleet().tick();
    expect(stage.github.issue().labels).toEqual(['ready-for-agent', 'agent-working']);
    expect(stage.github.comments()).toEqual([expect.stringContaining('attempt 1')]);
  });

  it('keeps one comment, which tells the newest', async () => {
    const stage = aStage({ agents: ['wrong', 'good'] });
    await stage.fleet().finish();
    expect(stage.github.comments()).toEqual([expect.stringMatching(/^Done in attempt 2: pull request #\d+/)]);
  });

  it('has a receipt that names the gates, the pull request and the merge', async () => {
    const stage = aStage();
    await stage.fleet().finish();
    const receipt = stage.github.journal().entries.find(({ op }) => op === 'receipt');
    expect(receipt?.landed).toMatchObject({ commit: stage.github.remote.branches.get('refs/heads/main') });
    expect(receipt?.gates.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(receipt?.gates.map(({ gate }) => gate)).toEqual(
      expect.arrayContaining(['outcome', 'substance', 'verify', 'read-back']),
    );
  });
});

describe('several issues', () => {
  it('are worked on at the same time, as far as there are slots', async () => {
    const stage = aStage({
      issues: [{}, {}, {}],
      config: { HARNESS_CAP: '2' },
      agents: { 1: ['slow'], 2: ['slow'] },
    });
    const here = stage.fleet();
    await here.tick();
    expect((await here.sessions()).map(({ plan }) => plan.issue)).toEqual([1, 2]);
  });

  it('wait for their blockers, and start in the tick after these have landed', async () => {
    const stage = aStage({ issues: [{}, { body: section('Blocked by', [1]) }] });
    const here = stage.fleet();
    await here.untilAgentsStop();
    expect(stage.github.story(2)).toEqual([]);
    await here.tick();
    expect(stage.github.issue(1).state).toBe('closed');
    await here.tick();
    expect(stage.github.story(2)).toEqual(['claim']);
  });

  it('do not wait for one whose landing fails again and again', async () => {
    const stage = aStage({ issues: [{}, {}], agents: Array(5).fill('wrong') });
    await stage.fleet().finish();
    expect(stage.github.issue(2).state).toBe('closed');
    expect(stage.github.story(1).filter(op => op === 'receipt:verify')).toHaveLength(3);
    expect(stage.github.issue(1)).toMatchObject({ state: 'open', labels: ['ready-for-agent'] });
  });
});
