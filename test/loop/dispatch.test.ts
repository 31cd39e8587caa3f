import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { PushResult, RefUpdate } from '../../src/ports.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** Lets the pushes whose journal entry has this op end as told, the first time. */
function failing(op: string, result: () => Promise<PushResult>) {
  let isOver = false;
  return (engine: Engine): Engine => {
    const push = (repo: string, updates: readonly RefUpdate[]) => {
      const [first] = updates;
      const isMeant = first?.kind === 'journal' && first.entries.some(entry => entry.op === op);
      if (!isMeant || isOver) return engine.refs.push(repo, updates);
      isOver = true;
      return result();
    };
    return { ...engine, refs: { ...engine.refs, push } };
  };
}

describe('a dispatch that fails half way', () => {
  it('takes its announcement back when the push of the claim is refused', async () => {
    const stage = aStage();
    const refuse = () => Promise.reject(new HarnessError('github-limited', 'too many pushes'));
    const here = stage.fleet('h1', failing('claim', refuse));
    await here.tick();
    expect(await here.sessions()).toEqual([]);
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
  });

  it('gives the lease back later when it can not be known whether it was given back', async () => {
    const stage = aStage({ issues: [{}] });
    const lose = () => Promise.resolve({ kind: 'unknown' as const, reason: 'no answer' });
    const here = stage.fleet('h1', engine => ({
      ...failing('receipt', lose)(engine),
      repos: { ...engine.repos, createWorktree: failOnce(engine.repos.createWorktree) },
    }));
    await here.finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'takeover',
      'receipt:interrupted',
      'release',
      'claim',
      'landing',
      'receipt',
      'release',
    ]);
  });

  it('ends an agent that runs although its start failed, before the lease is given back', async () => {
    const stage: Stage = aStage();
    const isAtWork = () => [...stage.machine().disk.sessions.values()].some(({ agent }) => agent?.isAlive);
    const atRelease: boolean[] = [];
    const here = stage.fleet('h1', engine => ({
      ...engine,
      sessions: {
        ...engine.sessions,
        launch: async (name, launch) => {
          await engine.sessions.launch(name, launch);
          throw new Error('it did not start in time');
        },
      },
      refs: {
        ...engine.refs,
        push: (repo, updates) => {
          if (updates.some(one => one.kind === 'journal' && one.entries.some(({ op }) => op === 'release')))
            atRelease.push(isAtWork());
          return engine.refs.push(repo, updates);
        },
      },
    }));
    await here.tick();
    expect(atRelease).toEqual([false]);
    expect(stage.github.story()).toEqual(['claim', 'receipt:engine', 'release']);
  });
});

function failOnce<A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) {
  let isOver = false;
  return (...args: A): Promise<R> => {
    if (isOver) return run(...args);
    isOver = true;
    return Promise.reject(new Error('the disk is full'));
  };
}
