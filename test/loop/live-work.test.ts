import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import { wipRef } from '../../src/leases/lease.ts';
import { wipeDisk } from '../../src/simulate/machines/machine.ts';
import { bootUp, cutOff, cutPower } from '../../src/simulate/machines/mishaps.ts';
import { aStage, type FleetOnStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

const WIP = wipRef(1);

const atWork = (facts: { readonly hosts?: number; readonly every?: string } = {}) =>
  aStage({
    hosts: facts.hosts ?? 1,
    agents: ['endless'],
    config: { HARNESS_CHECKPOINT: facts.every ?? '30' },
  });

/** The agent of a host writes a file and commits nothing. */
function write(stage: Stage, path: string, text: string): void {
  for (const worktree of stage.machine().disk.worktrees.values())
    worktree.files = new Map(worktree.files).set(path, text);
}

async function ticks(stage: Stage, fleet: FleetOnStage, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    await stage.wait(5);
    await fleet.tick();
  }
}

const saved = ({ universe, github: { remote } }: Stage) => {
  const tip = remote.branches.get(WIP);
  return tip === undefined ? null : Object.fromEntries(universe.objects.read(tip).tree.files);
};

describe('the work of a live agent', () => {
  it('is saved after a while, in the push of a sign of life, and again only when it has changed', async () => {
    const stage = atWork();
    const here = stage.fleet();
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 60);
    expect(saved(stage)).toMatchObject({ half: 'one' });
    const before = stage.github.story();
    expect(before.filter(op => op === 'checkpoint').length).toBeGreaterThan(0);
    const name = 'handoff-1.md';
    const handoff = await stage.until(here.engine.refs.attachment(STAGE_REPO, stage.github.journal(), name));
    expect(handoff).toMatch(/Attempt 1 was at work when this was saved.*1 commit.*- half/s);
    write(stage, 'half', 'two');
    await ticks(stage, here, 60);
    expect(saved(stage)).toMatchObject({ half: 'two' });
    const after = stage.github.story();
    await ticks(stage, here, 120);
    expect(stage.github.story()).toEqual(after);
  });

  it('is saved only at the end when that is what the setting says', async () => {
    const stage = atWork({ every: '0' });
    const here = stage.fleet();
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 120);
    expect(stage.github.story()).toEqual(['claim']);
  });

  it('is saved by the next worker, too, when the one that has started its agent is gone', async () => {
    const stage = atWork();
    const first = stage.fleet();
    await first.tick();
    first.process.isAlive = false;
    const next = stage.fleet();
    await stage.wait(60);
    write(stage, 'half', 'one');
    await ticks(stage, next, 60);
    expect(saved(stage)).toMatchObject({ half: 'one' });
    write(stage, 'half', 'two');
    await ticks(stage, next, 60);
    expect(saved(stage)).toMatchObject({ half: 'two' });
    expect(stage.github.story()).toEqual(['claim', 'takeover', 'checkpoint', 'checkpoint']);
  });

  it('stays on the host when it holds a secret, which costs no sign of life', async () => {
    const stage = atWork();
    const here = stage.fleet('h1', engine => ({
      ...engine,
      withheld: async () => ({ secrets: ['opensesame-opensesame'], place: { home: '/h', hostName: 'h' } }),
      repos: {
        ...engine.repos,
        published: async (repo, range) => ({
          ...(await engine.repos.published(repo, range)),
          paths: ['opensesame-opensesame'],
        }),
      },
    }));
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 90);
    expect(saved(stage)).toBeNull();
    expect(stage.github.remote.records.size).toBe(1);
  });

  it('costs no sign of life when the remote refuses it', async () => {
    const stage = atWork();
    const here = stage.fleet('h1', engine => ({
      ...engine,
      refs: {
        ...engine.refs,
        push: (repo, updates) =>
          updates.some(({ ref }) => ref === WIP)
            ? Promise.reject(new HarnessError('github-refused', 'too large'))
            : engine.refs.push(repo, updates),
      },
    }));
    await here.tick();
    await ticks(stage, here, 15);
    const first = [...stage.github.remote.records.values()][0]?.tip;
    write(stage, 'half', 'one');
    await ticks(stage, here, 60);
    expect(saved(stage)).toBeNull();
    expect([...stage.github.remote.records.values()][0]?.tip).not.toBe(first);
  });
});

describe('a host that is lost', () => {
  it('leaves what its agent had to the next attempt on another host', async () => {
    const stage = atWork({ hosts: 2 });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 60);
    cutPower(stage.universe, stage.machine('h1'));
    wipeDisk(stage.machine('h1'));
    await there.tick();
    await stage.wait(70);
    await there.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.files()).toMatchObject({ half: 'one', 'own/1': 'done 1, attempt 2' });
    expect(stage.github.remote.branches.has(WIP)).toBe(false);
  });

  it('goes on with it itself when it is set up anew', async () => {
    const stage = atWork();
    const here = stage.fleet();
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 60);
    cutPower(stage.universe, stage.machine());
    wipeDisk(stage.machine());
    bootUp(stage.universe, stage.machine());
    await stage.fleet().finish();
    expect(stage.github.files()).toMatchObject({ half: 'one', 'own/1': 'done 1, attempt 2' });
  });

  it('does not move what was saved once another host has its lease', async () => {
    const stage = atWork({ hosts: 2 });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await here.tick();
    write(stage, 'half', 'one');
    await ticks(stage, here, 60);
    await there.tick();
    cutOff(stage.universe, stage.machine('h1'), 80_000);
    stage.machine('h2').disk.isPaused = true;
    await stage.wait(85);
    await there.tick();
    write(stage, 'half', 'late');
    await here.tick();
    expect(saved(stage)).toMatchObject({ half: 'one' });
    expect(stage.github.story().filter(op => op === 'checkpoint')).toHaveLength(1);
  });
});
