import { describe, expect, it } from 'vitest';
import { aStage } from '../helpers/ports.ts';

describe('two fleets that want the same issue', () => {
  it('start one agent, and the loser leaves no trace', async () => {
    const stage = aStage({ hosts: 2, agents: ['slow'] });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await stage.until(Promise.all([here.begin(), there.begin()]));
    expect(stage.github.story()).toEqual(['claim']);
    const sessions = [...(await here.sessions()), ...(await there.sessions())];
    expect(sessions.map(({ state }) => state)).toEqual(['running']);
  });

  it('share the work of a board', async () => {
    const stage = aStage({ hosts: 2, issues: [{}, {}, {}, {}], config: { HARNESS_CAP: '1' } });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await stage.until(Promise.all([here.begin(), there.begin()]));
    await here.tick();
    await there.tick();
    const taken = [1, 2, 3, 4].flatMap(number => stage.github.journal(number).entries[0]?.fleet ?? []);
    expect(new Set(taken)).toEqual(new Set(['fleet-h1', 'fleet-h2']));
    await here.finish();
    await there.finish();
    expect([1, 2, 3, 4].map(number => stage.github.issue(number).state)).toEqual(Array(4).fill('closed'));
  });
});
