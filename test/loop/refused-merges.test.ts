import { describe, expect, it } from 'vitest';
import { trainRef } from '../../src/landing/boarding.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { MergeRequest } from '../../src/ports.ts';
import { mergePull } from '../../src/simulate/github/pulls.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** What GitHub says to a merge; null when it merges. */
type Rules = (merge: MergeRequest) => string | null;

/** A GitHub whose base has rules; `tried` counts the merges that were asked for. */
function withRules(rules: Rules) {
  const tried: string[] = [];
  const alter = (engine: Engine): Engine => ({
    ...engine,
    board: {
      ...engine.board,
      mergePull: async (repo, number, merge) => {
        tried.push(merge.sha);
        const reason = rules(merge);
        return reason === null
          ? engine.board.mergePull(repo, number, merge)
          : { kind: 'refused' as const, reason };
      },
    },
  });
  return { tried, alter };
}

function pushToBase({ universe: { objects, watch }, github: { remote } }: Stage): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map([...objects.read(tip).tree.files, ['note/base', 'a note of a person']]);
  remote.branches.set(BASE, objects.commit({ files, parents: [tip], by: 'alice' }).oid);
  watch.basePushed(remote);
}

const isTrainFree = ({ github }: Stage) =>
  github.remote.journals.get(trainRef('main'))?.entries.at(-1)?.op !== 'claim';

describe('a merge that GitHub refuses for what is still missing', () => {
  const reason = 'At least 1 approving review is required by reviewers with write access.';

  it('waits, without the train and other tries, and goes on when a review is seen', async () => {
    const stage = aStage({ issues: [{}, {}], config: { HARNESS_CAP: '1' } });
    let isApproved = false;
    const { tried, alter } = withRules(() => (isApproved ? null : reason));
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.story(1)).toEqual(['claim', 'landing', 'landing']);
    expect(stage.github.comments().join()).toContain(reason);
    expect(isTrainFree(stage)).toBe(true);
    const { holds } = await here.tick();
    expect(holds).toContainEqual(
      expect.objectContaining({ issue: 1, code: 'working', reason: expect.stringContaining(reason) }),
    );
    expect(stage.github.story(2)).toEqual(['claim']);
    const [head] = tried;
    expect(tried).toHaveLength(1);

    isApproved = true;
    const pull = stage.github.pulls()[0];
    pull?.reviews.push({ by: 'bob', sha: head ?? '', verdict: 'approved', body: '' });
    await here.tick();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story(1)).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
  });

  it('is tried again after a while, by whatever process, though nothing was seen', async () => {
    const stage = aStage();
    let isLifted = false;
    const { tried, alter } = withRules(() => (isLifted ? null : 'A conversation must be resolved.'));
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    here.process.isAlive = false;
    isLifted = true;
    const next = stage.fleet('h1', alter);
    await next.tick();
    expect(tried).toHaveLength(1);
    await stage.wait(60);
    await next.finish();
    expect(tried).toHaveLength(2);
    expect(stage.github.issue().state).toBe('closed');
  });

  it('calls a person where only one can help, and is no failure of the attempt', async () => {
    const stage = aStage();
    const { alter } = withRules(() => 'Commits must have verified signatures.');
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.issue().labels).toContain('agent-blocked');
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing']);
    expect(stage.github.comments().join()).toContain('the engine signs nothing');
  });

  it('waits for a person, in the words of GitHub, when nothing is known of them', async () => {
    const stage = aStage({ config: { HARNESS_MAX_ATTEMPTS: '1' } });
    let isLifted = false;
    const { tried, alter } = withRules(() => (isLifted ? null : 'The moon is not full.'));
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    const { holds } = await here.tick();
    expect(holds).toContainEqual(
      expect.objectContaining({ issue: 1, reason: expect.stringContaining('The moon is not full.') }),
    );
    expect(stage.github.issue().labels).toContain('agent-blocked');
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing']);
    expect(tried).toHaveLength(1);

    isLifted = true;
    await stage.wait(60);
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story()).not.toContain('receipt:refused');
  });

  it('takes the merge of a person for its own end, where GitHub would not let the engine', async () => {
    const stage = aStage();
    const { alter } = withRules(() => 'Resource not accessible by personal access token');
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    const [pull] = stage.github.pulls();
    if (!pull) throw new Error('There is no pull request.');
    const { universe, github } = stage;
    mergePull(universe, github.remote, { number: pull.number, sha: pull.headSha, by: 'alice' });
    await here.finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
    expect(stage.github.issue().labels).not.toContain('agent-blocked');
  });
});

describe('a base that takes only branches which contain it', () => {
  const strict =
    (stage: Stage): Rules =>
    ({ sha }) =>
      stage.universe.objects.isAncestor(stage.github.remote.branches.get(BASE) ?? '', sha)
        ? null
        : 'Head branch is out of date. Review and try the merge again.';

  async function untilTheBaseMoved(stage: Stage) {
    const { alter, tried } = withRules(strict(stage));
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    pushToBase(stage);
    return { here, alter, tried };
  }

  it('gets the merge that was verified, pushed without force', async () => {
    const stage = aStage();
    const { here, tried } = await untilTheBaseMoved(stage);
    await here.finish();
    const [pull] = stage.github.pulls();
    const [agents, updated] = tried;
    expect(stage.github.issue().state).toBe('closed');
    expect(pull).toMatchObject({ mergedBy: 'engine', headSha: updated });
    expect(stage.universe.objects.isAncestor(agents ?? '', updated ?? '')).toBe(true);
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
    expect(stage.github.journal().entries.at(-2)?.head).toBe(updated);
    expect([...stage.github.remote.branches.keys()]).toEqual([BASE]);
  });

  it('has the new head checked before it is merged, and goes on with it in another process', async () => {
    const stage = aStage();
    stage.github.remote.hasChecks = true;
    const { here, alter, tried } = await untilTheBaseMoved(stage);
    await here.tick();
    const [pull] = stage.github.pulls();
    if (!pull) throw new Error('There is no pull request.');
    pull.checks = 'pass';
    await here.tick();
    expect(tried).toHaveLength(1);
    expect(pull).toMatchObject({ state: 'open', checks: 'pending' });
    expect(pull.headSha).not.toBe(tried[0]);
    expect(isTrainFree(stage)).toBe(true);

    here.process.isAlive = false;
    const next = stage.fleet('h1', alter);
    await next.tick();
    expect(tried).toHaveLength(1);
    pull.checks = 'pass';
    await next.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(tried).toEqual([tried[0], pull.headSha]);
  });
});
