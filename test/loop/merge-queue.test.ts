import { describe, expect, it } from 'vitest';
import { trainRef } from '../../src/landing/boarding.ts';
import { approveHead } from '../../src/loop/approve.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { enqueue, leaveQueue } from '../../src/simulate/github/merge-queue.ts';
import { mergeFirst } from '../../src/simulate/github/pulls.ts';
import { BASE, type RemotePull } from '../../src/simulate/github/remote.ts';
import { aStage, STAGE_REPO, type Stage, type StageFacts } from '../helpers/ports.ts';

/** A stage whose base has a merge queue, which merges and lets go only when a test says so. */
function aQueuedStage(facts: StageFacts = {}): Stage {
  const stage = aStage(facts);
  stage.github.remote.hasQueue = true;
  return stage;
}

/** The same, when the agents are done and their pull requests are in the queue. */
async function untilQueued(stage: Stage, alter?: (engine: Engine) => Engine) {
  const here = stage.fleet('h1', alter);
  await here.untilAgentsStop();
  await here.tick();
  return here;
}

const pullOf = ({ github }: Stage, issue = 1): RemotePull => {
  const pull = github.pulls().find(({ head }) => head === `issue/${issue}`);
  if (!pull) throw new Error('There is no pull request.');
  return pull;
};

const isTrainFree = ({ github }: Stage) =>
  github.remote.journals.get(trainRef('main'))?.entries.at(-1)?.op !== 'claim';

const merge = ({ universe, github }: Stage) => mergeFirst(universe, github.remote);

const letGo = (stage: Stage, reason: string, by: string | null = null) =>
  leaveQueue(stage.github.remote, pullOf(stage), { reason, by, commit: pullOf(stage).headSha });

describe('a base with a merge queue', () => {
  it('gets the pull request put into it, and is waited for without the train', async () => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage);
    expect(pullOf(stage).queue.position).toBe(1);
    expect(isTrainFree(stage)).toBe(true);
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing']);
    const { holds } = await here.tick();
    expect(holds).toContainEqual(
      expect.objectContaining({ issue: 1, reason: expect.stringContaining('merge queue of main has it') }),
    );
    expect(stage.github.comments().join()).not.toContain('harness approve');

    merge(stage);
    await here.finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
    expect(stage.github.journal().entries.at(-2)?.gates).toContainEqual(
      expect.objectContaining({ gate: 'read-back', verdict: 'pass' }),
    );
    expect(pullOf(stage).mergedBy).toBe('queue');
  });

  it('is noticed by the refusal of a merge, where its rules were not read', async () => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage, engine => ({
      ...engine,
      board: {
        ...engine.board,
        snapshot: async (repo, options) => ({ ...(await engine.board.snapshot(repo, options)), rules: null }),
      },
    }));
    expect(pullOf(stage).queue.position).toBe(1);
    merge(stage);
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
  });

  it('is verified as it is, before anything else goes on, when two changes came to it together', async () => {
    const stage = aQueuedStage({ issues: [{}, {}] });
    const verified: string[] = [];
    const here = await untilQueued(stage, engine => ({
      ...engine,
      repos: {
        ...engine.repos,
        checkout: async order => {
          verified.push(order.commit);
          return engine.repos.checkout(order);
        },
      },
    }));
    await here.tick();
    expect([pullOf(stage, 1), pullOf(stage, 2)].map(({ queue }) => queue.position).sort()).toEqual([1, 2]);
    verified.splice(0);
    merge(stage);
    merge(stage);
    await here.finish();
    const base = stage.github.remote.branches.get(BASE);
    expect(verified).toEqual([base]);
    const readBacks = [1, 2].map(
      issue =>
        stage.github
          .journal(issue)
          .entries.at(-2)
          ?.gates.find(({ gate }) => gate === 'read-back')?.reason,
    );
    expect(readBacks).toContainEqual(
      expect.stringMatching(/together with others; \w+, the base as it is now, passes/),
    );
  });
});

describe('a pull request that left the queue', () => {
  it('ends the attempt with what the checks of its merge say, when they failed', async () => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage);
    letGo(stage, 'failed_checks');
    await here.tick();
    expect(stage.github.story().slice(0, 5)).toEqual([
      'claim',
      'landing',
      'landing',
      'receipt:checks',
      'release',
    ]);
    const receipt = stage.github.journal().entries[3];
    expect(receipt?.failure?.message).toBe('checks of GitHub failed in the merge queue: build');
    expect(receipt?.gates).toContainEqual(expect.objectContaining({ gate: 'checks', verdict: 'fail' }));

    await here.untilAgentsStop();
    await here.tick();
    merge(stage);
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
  });

  it('stays out when a person took it out, until somebody puts it back', async () => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage);
    letGo(stage, 'manual', 'alice');
    await here.tick();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'landing']);
    expect(stage.github.issue().labels).toContain('agent-blocked');
    await stage.wait(8_000);
    const { holds } = await here.tick();
    expect(holds).toContainEqual(
      expect.objectContaining({ issue: 1, reason: expect.stringContaining('alice took it out') }),
    );
    expect(pullOf(stage).queue.position).toBeNull();

    enqueue(stage.github.remote, pullOf(stage), pullOf(stage).headSha);
    await here.tick();
    merge(stage);
    await here.finish();
    expect(stage.github.story().at(-2)).toBe('receipt');
  });

  it('goes in again at the word of a person, and stays out when it is taken out once more', async () => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage);
    letGo(stage, 'manual', 'alice');
    await here.tick();
    await stage.until(
      approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha: pullOf(stage).headSha }),
    );
    await here.tick();
    expect(pullOf(stage).queue.position).toBe(1);
    letGo(stage, 'manual', 'alice');
    await here.tick();
    await stage.wait(8_000);
    await here.tick();
    expect(pullOf(stage).queue.position).toBeNull();
  });

  it.each(['checks_timed_out', 'queue_cleared', 'some_new_word'])(
    'is put in again after a while: %s',
    async reason => {
      const stage = aQueuedStage();
      const here = await untilQueued(stage);
      letGo(stage, reason);
      await here.tick();
      const { holds } = await here.tick();
      const words = reason.replaceAll('_', ' ');
      expect(holds).toContainEqual(expect.objectContaining({ reason: expect.stringContaining(words) }));
      expect(pullOf(stage).queue.position).toBeNull();
      await stage.wait(61);
      await here.tick();
      expect(pullOf(stage).queue.position).toBe(1);
      expect(stage.github.story()).not.toContain('receipt:refused');
    },
  );

  it('waits when it conflicts with what was before it, and is an agent’s to mend once that is on the base', async () => {
    const stage = aQueuedStage({ issues: [{ wish: 'shared' }, { wish: 'shared' }] });
    const here = await untilQueued(stage);
    await here.tick();
    const second = [pullOf(stage, 1), pullOf(stage, 2)].find(({ queue }) => queue.position === 2);
    if (!second) throw new Error('Only one is in the queue.');
    leaveQueue(stage.github.remote, second, { reason: 'merge_conflict', by: null });
    const issue = Number(second.head.slice('issue/'.length));
    await here.tick();
    expect(stage.github.story(issue)).toEqual(['claim', 'landing', 'landing', 'landing']);
    merge(stage);
    await stage.wait(61);
    await here.tick();
    expect(stage.github.story(issue)).toContain('receipt:conflict');
  });
});

describe('a person, while it is in the queue', () => {
  it.each<[string, (stage: Stage) => void]>([
    ['closes the issue', stage => stage.github.edit(1, { state: 'closed', stateReason: 'not_planned' })],
    ['asks for something else', stage => stage.github.edit(1, { body: 'Wants own, and more.' })],
    [
      'objects',
      stage =>
        pullOf(stage).reviews.push({
          by: 'bob',
          sha: pullOf(stage).headSha,
          verdict: 'changes_requested',
          body: 'no',
        }),
    ],
  ])('%s: it is taken out, and not merged', async (_what, act) => {
    const stage = aQueuedStage();
    const here = await untilQueued(stage);
    act(stage);
    await here.tick();
    expect(pullOf(stage).queue.position).toBeNull();
    expect(stage.github.story().some(op => op.startsWith('receipt:'))).toBe(true);
    expect(pullOf(stage).mergeCommit).toBeNull();
  });
});

describe('a process that dies', () => {
  it.each<[string, string]>([
    ['before the journal says that it goes into the queue', 'push'],
    ['between the journal and the queue', 'enqueuePull before'],
    ['before it hears that it is in the queue', 'enqueuePull after'],
  ])('%s leaves what another one goes on with', async (_when, where) => {
    const stage = aQueuedStage();
    let isDead = false;
    const dieIf = (now: boolean) => {
      if (now) isDead = true;
      if (isDead) throw new Error('dead');
    };
    const here = stage.fleet('h1', engine => ({
      ...engine,
      refs: {
        ...engine.refs,
        push: async (repo, updates) => {
          const entries = updates.flatMap(update => (update.kind === 'journal' ? update.entries : []));
          dieIf(where === 'push' && entries.some(({ queued }) => queued));
          return engine.refs.push(repo, updates);
        },
      },
      board: {
        ...engine.board,
        enqueuePull: async (repo, number, sha) => {
          dieIf(where === 'enqueuePull before');
          const result = await engine.board.enqueuePull(repo, number, sha);
          dieIf(where === 'enqueuePull after');
          return result;
        },
      },
    }));
    // With its last breath it also fails to give a sign of life.
    const dies = async () => {
      for (let turn = 0; turn < 5 && !isDead; turn += 1) await here.untilAgentsStop();
    };
    await dies().catch(() => undefined);
    expect(isDead).toBe(true);
    here.process.isAlive = false;
    const next = stage.fleet('h1');
    await next.tick();
    await stage.wait(10);
    await next.tick();
    expect(pullOf(stage).queue.position).toBe(1);
    merge(stage);
    await next.finish();
    expect(stage.github.story().filter(op => op.startsWith('receipt'))).toEqual(['receipt']);
    expect(stage.github.pulls()).toHaveLength(1);
    expect(isTrainFree(stage)).toBe(true);
  });
});
