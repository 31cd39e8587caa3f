import { expect, it } from 'vitest';
import { aStage } from '../helpers/ports.ts';

const liveRefs = ({ github }: ReturnType<typeof aStage>) =>
  [...github.remote.journals.keys()].filter(ref => ref.startsWith('refs/harness/issues/'));

it('archives the journals of landed issues, and counts on from them when one is reopened', async () => {
  const stage = aStage({ issues: [{}, {}, {}] });
  const here = stage.fleet();
  await here.finish();
  await here.tick();
  expect(liveRefs(stage)).toHaveLength(3);
  await stage.wait(200);
  await here.tick();
  expect(liveRefs(stage)).toEqual([]);

  stage.github.edit(1, { state: 'open', stateReason: 'reopened' });
  stage.universe.watch.reopens(stage.github.remote, 1, 'person');
  await here.finish();
  const { entries } = stage.github.journal(1);
  expect(entries.flatMap(({ op, attempt }) => (op === 'receipt' ? [attempt] : []))).toEqual([1, 2]);
  expect(liveRefs(stage)).toEqual(['refs/harness/issues/1']);
});

it('leaves alone what is not landed', async () => {
  const stage = aStage({ issues: [{}, {}, {}], agents: { 3: ['endless'] } });
  const here = stage.fleet();
  await here.tick();
  await stage.wait(90);
  await here.tick();
  await stage.wait(200);
  await here.tick();
  expect(liveRefs(stage)).toHaveLength(3);
});
