import { expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** A person's push to the base, which breaks it or mends it. */
function pushToBase({ universe, github: { remote } }: Stage, bug: 'BUG' | 'none'): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(tip).tree.files).set('legacy', bug);
  remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: 'person alice' }).oid);
  universe.watch.basePushed(remote);
}

/** What happens to the base between the last look at it and the first merge. */
const justBeforeMerge =
  (happen: () => void) =>
  (engine: Engine): Engine => {
    let isFirst = true;
    const mergePull: Engine['board']['mergePull'] = (...merge) => {
      if (isFirst) happen();
      isFirst = false;
      return engine.board.mergePull(...merge);
    };
    return { ...engine, board: { ...engine.board, mergePull } };
  };

const readBackOf = (stage: Stage, issue: number) =>
  stage.github
    .journal(issue)
    .entries.find(({ landed }) => landed !== undefined)
    ?.gates.find(({ gate }) => gate === 'read-back')?.verdict;

it.each([
  ['BUG', 1],
  ['none', 2],
] as const)(
  'lands nothing on a base that is not what was verified (%s) until that is verified',
  async (bug, mergedAtOnce) => {
    const stage = aStage({ issues: [{}, {}] });
    const alter = justBeforeMerge(() => pushToBase(stage, bug));
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    for (let turn = 0; turn < 6; turn += 1) await here.tick();
    const merged = stage.github.pulls().filter(({ mergedBy }) => mergedBy === 'engine');
    expect(merged).toHaveLength(mergedAtOnce);
    const mismatched = [1, 2].filter(issue => readBackOf(stage, issue) === 'fail');
    expect(mismatched).toHaveLength(1);
    if (bug === 'BUG') {
      const other = mismatched[0] === 1 ? 2 : 1;
      expect(stage.github.journal(other).entries.at(-1)).toMatchObject({
        op: 'landing',
        gates: expect.arrayContaining([expect.objectContaining({ gate: 'verify', verdict: 'unknown' })]),
      });
      pushToBase(stage, 'none');
    }
    await here.finish();
    expect([1, 2].map(issue => readBackOf(stage, issue)).sort()).toEqual(['fail', 'pass']);
  },
);
