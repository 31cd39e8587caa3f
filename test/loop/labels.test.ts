import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/loop/engine.ts';
import { aStage } from '../helpers/ports.ts';

const LABELS = ['ready-for-agent', 'agent-working'];

describe('labels', () => {
  it('takes away the working label that is left over, and starts', async () => {
    const stage = aStage({ issues: [{ labels: LABELS }] });
    await stage.fleet().finish();
    expect(stage.github.issue()).toMatchObject({ state: 'closed', labels: ['ready-for-agent'] });
  });

  it('leaves a working label that has become right while it looked', async () => {
    const stage = aStage({ hosts: 2, issues: [{ labels: LABELS }], agents: ['endless'] });
    const slow = (engine: Engine): Engine => ({
      ...engine,
      board: {
        ...engine.board,
        issue: async (repo, number) => {
          await engine.host.pause(10_000);
          return engine.board.issue(repo, number);
        },
      },
    });
    const [here, there] = [stage.fleet('h1', slow), stage.fleet('h2')];
    const mirroring = here.begin();
    await stage.wait(1);
    await there.tick();
    await there.tick();
    expect(stage.github.story()).toEqual(['claim']);
    await stage.until(mirroring);
    expect(stage.github.issue().labels).toEqual(LABELS);
  });

  it('keeps what people change while an agent works', async () => {
    const stage = aStage({ agents: ['slow'] });
    const here = stage.fleet();
    await here.tick();
    stage.github.edit(1, { labels: ['ready-for-agent', 'agent-working', 'urgent'] });
    await here.finish();
    expect(stage.github.issue().labels).toEqual(['ready-for-agent', 'urgent']);
  });
});
