import { expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { aStage } from '../helpers/ports.ts';

it('starts nothing while a repository cannot be read, says so once, and goes on by itself', async () => {
  const stage = aStage({ issues: [{ labels: [] }], agents: { 1: ['good'] } });
  const said: string[] = [];
  let isStale = false;
  stage.start('h1', (engine: Engine) => ({
    ...engine,
    board: {
      ...engine.board,
      snapshot: async (...asked) => {
        const snapshot = await engine.board.snapshot(...asked);
        return isStale ? { ...snapshot, read: 'stale', problem: 'no answer' } : snapshot;
      },
    },
    log: { ...engine.log, warn: text => said.push(text), info: text => said.push(text) },
  }));
  await stage.wait(20);
  isStale = true;
  stage.github.edit(1, { labels: ['ready-for-agent'] });
  await stage.wait(120);
  expect(stage.github.journal(1).entries).toEqual([]);
  const about = () => said.filter(text => /read is stale|settled: read-stale/.test(text));
  expect(about()).toEqual([expect.stringMatching(/Nothing new is started in sim\/app.*no answer/)]);
  isStale = false;
  await stage.wait(120);
  expect(stage.github.issue(1).state).toBe('closed');
  expect(about()[1]).toBe('settled: read-stale');
});

it('leaves agents alone that are at work when the repository becomes unreadable', async () => {
  const stage = aStage({ agents: ['good'] });
  let isStale = false;
  const fleet = stage.fleet('h1', (engine: Engine) => ({
    ...engine,
    board: {
      ...engine.board,
      snapshot: async (...asked) => {
        const snapshot = await engine.board.snapshot(...asked);
        return isStale ? { ...snapshot, read: 'stale', problem: 'no answer' } : snapshot;
      },
    },
  }));
  await fleet.tick();
  isStale = true;
  for (let round = 0; round < 3; round++) await fleet.tick();
  expect((await fleet.sessions()).map(({ state }) => state)).toEqual(['running']);
  isStale = false;
  await fleet.finish();
  expect(stage.github.issue(1).state).toBe('closed');
});

it('says why turns fail once, not every two seconds', async () => {
  const stage = aStage({ issues: [{ labels: [] }] });
  const said: string[] = [];
  let isDown = false;
  stage.start('h1', (engine: Engine) => ({
    ...engine,
    refs: {
      ...engine.refs,
      read: async repo => {
        if (isDown) throw new Error('no answer');
        return engine.refs.read(repo);
      },
    },
    log: { ...engine.log, warn: text => said.push(text), info: text => said.push(text) },
  }));
  await stage.wait(20);
  isDown = true;
  await stage.wait(120);
  isDown = false;
  await stage.wait(120);
  expect(said.filter(text => /turn/.test(text))).toEqual(['turn failed: no answer', 'turns succeed again']);
});
