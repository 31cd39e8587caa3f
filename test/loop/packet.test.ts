import { expect, it } from 'vitest';
import { readPacket } from '../../src/loop/packet.ts';
import { renderPacket } from '../../src/render/packet.ts';
import { aStage, STAGE_REPO } from '../helpers/ports.ts';

it('tells of a change by its issue and by its pull request, before and after it landed', async () => {
  const stage = aStage({ agents: ['wrong'], config: { HARNESS_REVIEW: 'human' } });
  const here = stage.fleet();
  for (let turn = 0; turn < 4; turn += 1) {
    await here.untilAgentsStop();
    await here.tick();
  }
  const [pull] = stage.github.pulls();
  if (!pull) throw new Error('There is no pull request.');
  const read = (number: number) => stage.until(readPacket(here.engine, STAGE_REPO, number));
  const waiting = await read(1);
  expect(waiting).toMatchObject({ issue: 1, landed: null, packet: { attempt: 2, head: pull.headSha } });
  expect(waiting.attempts).toMatchObject([{ attempt: 1, end: 'verify' }]);
  expect(await read(pull.number)).toEqual(waiting);

  pull.reviews.push({ by: 'bob', sha: pull.headSha, verdict: 'approved', body: '' });
  await here.finish();
  const landed = await read(pull.number);
  expect(landed.landed?.pull).toBe(pull.number);
  expect(landed.gates).toContainEqual(
    expect.objectContaining({ gate: 'review', verdict: 'pass', reason: 'bob approved it on GitHub' }),
  );
  expect(renderPacket(landed, { color: false })).toContain('✓ review: bob approved it on GitHub');
});

it('says when there is none', async () => {
  const stage = aStage();
  const read = readPacket(stage.fleet().engine, STAGE_REPO, 1);
  await expect(stage.until(read)).rejects.toMatchObject({ code: 'no-packet' });
});
