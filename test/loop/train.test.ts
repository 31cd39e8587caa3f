import { describe, expect, it } from 'vitest';
import { foldJournal } from '../../src/core/journal.ts';
import { trainRef } from '../../src/landing/boarding.ts';
import { approveHead } from '../../src/loop/approve.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { isSound } from '../../src/simulate/project.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

const trainOf = ({ github }: Stage) =>
  foldJournal(github.remote.journals.get(trainRef('main'))?.entries ?? []);

/** An engine whose merges never come to an end; its process is dead from then on. */
function dyingAtMerge(kill: () => void) {
  return (engine: Engine): Engine => {
    const die = () => {
      kill();
      return new Promise<never>(() => {});
    };
    return { ...engine, board: { ...engine.board, mergePull: die } };
  };
}

const mergingSlowly = (engine: Engine): Engine => ({
  ...engine,
  board: {
    ...engine.board,
    mergePull: async (...merge) => {
      await engine.host.pause(20_000);
      return engine.board.mergePull(...merge);
    },
  },
});

/** Notes the refs of each push but those of signs of life. */
const notingPushes =
  (pushes: (readonly string[])[]) =>
  (engine: Engine): Engine => ({
    ...engine,
    refs: {
      ...engine.refs,
      push: (repo, updates) => {
        if (updates[0]?.kind !== 'host') pushes.push(updates.map(({ ref }) => ref));
        return engine.refs.push(repo, updates);
      },
    },
  });

describe('the train of a base', () => {
  it('lets one fleet land after the other, each on what was verified', async () => {
    const stage = aStage({
      hosts: 2,
      issues: [{ wish: 'api' }, { wish: 'use' }],
      config: { HARNESS_CAP: '1', HARNESS_LEASE_TTL: '300' },
    });
    const [here, there] = [stage.fleet('h1', mergingSlowly), stage.fleet('h2', mergingSlowly)];
    await here.tick();
    await there.tick();
    await stage.wait(40);
    const landings = [here.begin(), there.begin()];
    await stage.until(Promise.all(landings));
    await here.finish();
    await there.finish();
    expect(stage.github.pulls().map(({ mergedBy }) => mergedBy)).toEqual(['engine', 'engine']);
    expect(isSound(new Map(Object.entries(stage.github.files())))).toBe(true);
    expect(trainOf(stage).holder).toBeNull();
  });

  it('is boarded again at once by whoever goes on with the attempt', async () => {
    const stage = aStage();
    const first = stage.fleet(
      'h1',
      dyingAtMerge(() => {
        first.process.isAlive = false;
      }),
    );
    await first.untilAgentsStop();
    void first.begin();
    await stage.wait(15);
    expect(trainOf(stage).holder?.worker).toBe(first.process.id);

    const before = stage.universe.scheduler.now();
    await stage.fleet('h1').finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.universe.scheduler.now() - before).toBeLessThan(30_000);
  });

  it('is freed by a tick when its rider could not leave it', async () => {
    const stage = aStage();
    const here = stage.fleet('h1', engine => {
      const push: Engine['refs']['push'] = (repo, updates) =>
        updates.some(({ ref }) => ref === trainRef('main')) && trainOf(stage).holder
          ? Promise.resolve({ kind: 'lost', reason: 'somebody has moved it' })
          : engine.refs.push(repo, updates);
      return { ...engine, refs: { ...engine.refs, push } };
    });
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
    expect(trainOf(stage).holder).not.toBeNull();

    await stage.fleet('h1').tick();
    expect(trainOf(stage).holder).toBeNull();
  });

  it('is boarded and left in pushes that are made anyway, when nothing has to be waited for', async () => {
    const stage = aStage();
    const pushes: (readonly string[])[] = [];
    await stage.fleet('h1', notingPushes(pushes)).finish();
    expect(pushes).toEqual([
      ['refs/harness/issues/1'],
      ['refs/harness/issues/1', 'refs/heads/issue/1', 'refs/harness/landing/main'],
      ['refs/harness/issues/1', 'refs/heads/issue/1', 'refs/harness/landing/main'],
    ]);
    expect(stage.github.issue().state).toBe('closed');
    expect(trainOf(stage).holder).toBeNull();
  });

  it('is boarded by itself when a review was waited for', async () => {
    const stage = aStage({ config: { HARNESS_REVIEW: 'human' } });
    const pushes: (readonly string[])[] = [];
    const here = stage.fleet('h1', notingPushes(pushes));
    await here.untilAgentsStop();
    await here.tick();
    expect(trainOf(stage).holder).toBeNull();
    const head = stage.github.story().length > 0 ? stage.github.journal().entries.at(-1)?.head : null;
    await stage.until(approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha: head ?? '' }));
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(pushes.filter(refs => refs[0] === trainRef('main'))).toEqual([[trainRef('main')]]);
    expect(trainOf(stage).holder).toBeNull();
  });

  it('is left at once by a landing that could not be concluded', async () => {
    const stage = aStage();
    let isClosable = false;
    const here = stage.fleet('h1', engine => ({
      ...engine,
      board: {
        ...engine.board,
        updateIssue: async (repo, number, change) => {
          if (change.state === 'closed' && !isClosable) throw new Error('GitHub does not take it.');
          return engine.board.updateIssue(repo, number, change);
        },
      },
    }));
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.pulls().map(({ mergedBy }) => mergedBy)).toEqual(['engine']);
    expect(trainOf(stage).holder).toBeNull();
    expect(stage.github.story()).toEqual(['claim', 'landing']);

    isClosable = true;
    await here.finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
  });

  it('lets the attempt that has it go first, though another one waits in the same process', async () => {
    const stage = aStage({ issues: [{}, {}] });
    const first = stage.fleet(
      'h1',
      dyingAtMerge(() => {
        first.process.isAlive = false;
      }),
    );
    await first.tick();
    await stage.wait(60);
    void first.begin();
    while (!trainOf(stage).holder || first.process.isAlive) await stage.wait(1);
    const rider = trainOf(stage).open?.session;
    const number = stage.github.journal(1).entries.at(-1)?.session === rider ? 1 : 2;

    const second = stage.fleet('h1', engine => ({
      ...engine,
      board: {
        ...engine.board,
        pullsOf: async (repo, branch) => {
          if (branch === `issue/${number}`) await engine.host.pause(12_000);
          return engine.board.pullsOf(repo, branch);
        },
      },
    }));
    await second.finish();
    expect([1, 2].map(one => stage.github.issue(one).state)).toEqual(['closed', 'closed']);
  });
});
