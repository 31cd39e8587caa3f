import { describe, expect, it } from 'vitest';
import type { RefsView } from '../../src/ports.ts';
import { aStage } from '../helpers/ports.ts';

describe('settling an attempt', () => {
  it('writes nothing that people see after the lease is given back', async () => {
    const stage = aStage({ agents: ['wrong', 'good'] });
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'receipt:verify',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
    expect(stage.universe.watch.violations).toEqual([]);
  });

  it('does nothing under a lease that it has given back, though a replica still shows it', async () => {
    const stage = aStage({ agents: ['wrong'], config: { HARNESS_BACKOFF: '600' } });
    const views: RefsView[] = [];
    const said: string[] = [];
    const here = stage.fleet('h1', engine => ({
      ...engine,
      refs: {
        ...engine.refs,
        read: async repo => {
          views.push(await engine.refs.read(repo));
          return views.at(-2) ?? { journals: [], hosts: [] };
        },
      },
      board: {
        ...engine.board,
        putComment: (repo, number, comment) => {
          said.push(comment.body.slice(0, 9));
          return engine.board.putComment(repo, number, comment);
        },
      },
    }));
    for (const _ of [1, 2]) {
      await here.untilAgentsStop();
      await here.tick();
    }
    await here.tick();
    expect(stage.github.story()).toEqual(['claim', 'receipt:verify', 'release']);
    expect(said).toEqual(['An agent ', 'Attempt 1']);
  });
});
