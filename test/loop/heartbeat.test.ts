import { describe, expect, it } from 'vitest';
import { stopFleet } from '../../src/simulate/machines/fleet.ts';
import { aStage, holderOf, STAGE_REPO } from '../helpers/ports.ts';

const recordsOf = (stage: ReturnType<typeof aStage>) => [...stage.github.remote.records.values()];

describe('the sign of life', () => {
  it('lists what is held, moves while it is held, and goes when the work is done', async () => {
    const stage = aStage({ agents: ['slow'] });
    stage.start();
    await stage.wait(20);
    const [first] = recordsOf(stage);
    expect(first?.body.leases.map(({ ref }) => ref)).toEqual(['refs/harness/issues/1']);
    await stage.wait(15);
    expect(recordsOf(stage)[0]?.tip).not.toBe(first?.tip);
    await stage.wait(200);
    expect(stage.github.issue().state).toBe('closed');
    expect(recordsOf(stage)).toEqual([]);
  });

  it('is not given by a fleet that holds nothing', async () => {
    const stage = aStage({ issues: [{ labels: [] }] });
    stage.start();
    await stage.wait(600);
    expect(recordsOf(stage)).toEqual([]);
  });

  it('stays when a worker gives up on its stop: others would take its lease at once', async () => {
    const stage = aStage({ agents: ['endless'] });
    stage.start('h1', engine => ({
      ...engine,
      sessions: { ...engine.sessions, end: () => Promise.reject(new Error('it can not be killed')) },
    }));
    await stage.wait(20);
    stopFleet(stage.universe, stage.machine(), 1_000);
    await stage.wait(60);
    expect(stage.machine().processes.some(({ isAlive }) => isAlive)).toBe(false);
    expect(holderOf(stage)).toBe('fleet-h1');
    expect(recordsOf(stage)).toHaveLength(1);
  });

  it('is taken away by others when its fleet is gone for two days and holds nothing', async () => {
    const stage = aStage({ issues: [{ labels: [] }] });
    const { remote } = stage.github;
    const body = {
      v: 1,
      fleet: 'gone',
      host: 'h',
      boot: 'b',
      nonce: 'n',
      policyDigest: 'p',
      leases: [],
    } as const;
    const ref = 'refs/harness/hosts/gone-b';
    const here = stage.fleet();
    await stage.until(here.engine.refs.push(STAGE_REPO, [{ kind: 'host', ref, expected: null, body }]));
    await here.tick();
    expect(remote.records.has(ref)).toBe(true);
    await stage.wait(50 * 3_600);
    await here.tick();
    expect(remote.records.has(ref)).toBe(false);
  });
});
