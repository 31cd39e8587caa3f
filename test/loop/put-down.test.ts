import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { createPutDown } from '../../src/loop/put-down.ts';
import type { Delivery, Session } from '../../src/ports.ts';
import { aStage } from '../helpers/ports.ts';

/** A unit's one session, which answers so when it is asked to make room. */
function setUp(answer: Delivery) {
  const calls: string[] = [];
  const session = { plan: { name: 's', unit: 'main', nonce: 'n', repo: 'acme/app' }, state: 'running' };
  const sessions = {
    list: async () => [session as unknown as Session],
    checkpoint: async () => {
      calls.push('ask');
      return answer;
    },
    end: async (_name: string, reason: string) => void calls.push(`end:${reason}`),
  };
  const log = { debug() {}, info() {}, warn() {} };
  return { calls, putDown: createPutDown({ sessions, log } as unknown as Engine) };
}

describe('a session that is to make room', () => {
  it('is asked once for a handoff, and ended when its time is up', async () => {
    const { calls, putDown } = setUp('taken');
    await putDown('main', { for: 'pause', leftMs: 9_000 });
    await putDown('main', { for: 'pause', leftMs: 5_000 });
    await putDown('main', { for: 'pause', leftMs: 0 });
    expect(calls).toEqual(['ask', 'end:stopped']);
  });

  it('is ended at once by a pause when it can not be asked', async () => {
    const { calls, putDown } = setUp('unsupported');
    await putDown('main', { for: 'pause', leftMs: 9_000 });
    expect(calls).toEqual(['ask', 'end:stopped']);
  });

  it('may go on while a fleet stops, until its time is nearly up', async () => {
    const { calls, putDown } = setUp('unsupported');
    await putDown('main', { for: 'stop', leftMs: 200_000 });
    expect(calls).toEqual([]);
    await putDown('main', { for: 'stop', leftMs: 50_000 });
    expect(calls).toEqual(['ask']);
  });

  it('is none of the business of another unit', async () => {
    const { calls, putDown } = setUp('taken');
    await putDown('other', { for: 'pause', leftMs: 0 });
    expect(calls).toEqual([]);
  });
});

describe('work that was not finished', () => {
  it('is gone on with by another host, with its handoff', async () => {
    const prompts: string[] = [];
    const stage = aStage({ hosts: 2, agents: ['silent', 'good'] });
    const here = stage.fleet('h1');
    await here.untilAgentsStop();
    await here.tick();
    here.process.isAlive = false;
    const [wip] = [stage.github.remote.branches.get('refs/harness/wip/1')];
    expect(wip).toBeDefined();

    const there = stage.fleet('h2', engine => ({
      ...engine,
      sessions: {
        ...engine.sessions,
        launch: (name, launch) => {
          prompts.push(launch.prompt);
          return engine.sessions.launch(name, launch);
        },
      },
    }));
    await there.finish();
    expect(prompts[0]).toContain('Attempt 1 ended: no-outcome');
    const landed = stage.github.journal().entries.findLast(({ op }) => op === 'receipt')?.head ?? '';
    expect(stage.universe.objects.isAncestor(wip ?? '', landed)).toBe(true);
    expect(stage.github.remote.branches.has('refs/harness/wip/1')).toBe(false);
  });

  it('is not lost over a server that refuses to take it', async () => {
    const stage = aStage({ agents: ['silent', 'good'] });
    const here = stage.fleet('h1', engine => ({
      ...engine,
      refs: { ...engine.refs, push: refuseWork(engine) },
    }));
    await here.finish();
    expect(stage.github.story().filter(op => op.startsWith('receipt'))).toEqual([
      'receipt:no-outcome',
      'receipt',
    ]);
  });
});

it('an agent that kept a handoff and ended without an outcome, unasked, has failed', async () => {
  const stage = aStage({ agents: ['silent', 'good'] });
  const keepHandoffs = async ({ sessions }: Engine): Promise<readonly Session[]> =>
    (await sessions.list()).map(session => ({
      ...session,
      handoff: 'What is left is to finish.',
      exit: session.exit && { ...session.exit, code: 0 },
    }));
  const here = stage.fleet('h1', engine => ({
    ...engine,
    sessions: { ...engine.sessions, list: () => keepHandoffs(engine) },
  }));
  await here.untilAgentsStop();
  await here.tick();
  expect(stage.github.story()).toContain('receipt:no-outcome');
});

const refuseWork =
  ({ refs }: Engine): Engine['refs']['push'] =>
  async (repo, updates) => {
    const isWork = updates.some(({ ref, kind }) => kind === 'branch' && ref.startsWith('refs/harness/wip/'));
    if (isWork) throw new HarnessError('github-refused', 'pre-receive hook declined');
    return refs.push(repo, updates);
  };
