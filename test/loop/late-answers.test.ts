import { expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** Merges the first time only after so many seconds, when the engine has long given up on the answer. */
function mergingLate(stage: () => Stage, seconds: number) {
  let isOver = false;
  return (engine: Engine): Engine => ({
    ...engine,
    board: {
      ...engine.board,
      mergePull: async (...merge) => {
        if (isOver) return engine.board.mergePull(...merge);
        isOver = true;
        stage().universe.scheduler.after(seconds * 1000, () => void engine.board.mergePull(...merge));
        throw new HarnessError('github-unreachable', 'no answer');
      },
    },
  });
}

it.each([1, 3, 5, 7, 9, 11])('takes a merge that came %i s late for its own', async seconds => {
  const stage: Stage = aStage();
  await stage
    .fleet(
      'h1',
      mergingLate(() => stage, seconds),
    )
    .finish();
  expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
  expect(stage.github.journal().entries.at(-2)?.landed?.pull).toBe(2);
  expect(stage.github.issue().state).toBe('closed');
});

const AGAIN = { head: 'issue/1', base: 'main', title: 'again', body: '' };

it('knows the pull request that was merged from one that a zombie opened after it', async () => {
  const stage: Stage = aStage();
  const here = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      mergePull: async (repo, number, merge) => {
        const result = await engine.board.mergePull(repo, number, merge);
        await engine.board.openPull(repo, { ...AGAIN, sha: '', isFirst: false });
        if (stage.github.pulls().length > 2) return result;
        throw new HarnessError('github-unreachable', `no answer, but ${result.kind}`);
      },
    },
  }));
  await here.finish();
  expect(stage.github.story()).toEqual(['claim', 'landing', 'receipt', 'release']);
  expect(stage.github.journal().entries.at(-2)?.landed?.pull).toBe(2);
});

it('knows a merge that came late, though the base has moved on to where it would not be verified', async () => {
  const stage: Stage = aStage();
  const here = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      mergePull: async (repo, number, merge) => {
        await engine.board.mergePull(repo, number, merge);
        const { branches } = stage.github.remote;
        const tip = branches.get('refs/heads/main') ?? '';
        const files = new Map([['own/9', 'BUG of a person']]);
        const commit = stage.universe.objects.commit({ files, parents: [tip], by: 'person alice' });
        branches.set('refs/heads/main', commit.oid);
        return { kind: 'refused', reason: 'the base was modified' };
      },
    },
  }));
  await here.finish();
  // The second one says that the base fails by itself.
  expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
  expect(stage.github.pulls()).toHaveLength(1);
  expect(stage.github.journal().entries.at(-2)?.landed?.pull).toBe(2);
});
