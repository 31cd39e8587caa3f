import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/core/world.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** A fleet on whose issue something changes right after its snapshot was read. */
async function tickWhile(stage: Stage, facts: Partial<Issue>): Promise<void> {
  const here = stage.fleet('h1', engine => ({
    ...engine,
    board: {
      ...engine.board,
      snapshot: async (repo, options) => {
        const snapshot = await engine.board.snapshot(repo, options);
        if (stage.github.story().length === 0) stage.github.edit(1, facts);
        return snapshot;
      },
    },
  }));
  await here.tick();
  expect(await here.sessions()).toEqual([]);
}

describe('the second look, with the lease in hand', () => {
  it.each<[string, Partial<Issue>]>([
    ['was closed', { state: 'closed', stateReason: 'completed' }],
    ['is no longer ready', { labels: [] }],
    ['was edited', { body: 'Something else is wanted.' }],
    ['was edited by a stranger', { lastEditor: 'mallory' }],
    ['got a blocker', { blockedBy: ['sim/app#99'] }],
  ])('gives an issue back that %s meanwhile, without starting an agent', async (_how, facts) => {
    const stage = aStage();
    await tickWhile(stage, facts);
    expect(stage.github.story()).toEqual(['claim', 'receipt:cancelled', 'release']);
    expect([...stage.machine().disk.worktrees]).toEqual([]);
  });

  it('uses up no attempt', async () => {
    const stage = aStage({ config: { HARNESS_MAX_ATTEMPTS: '1' } });
    await tickWhile(stage, { body: 'Something else is wanted.' });
    await stage.fleet().finish();
    expect(stage.github.issue().state).toBe('closed');
  });
});
