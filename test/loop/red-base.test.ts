import { describe, expect, it } from 'vitest';
import { approveHead } from '../../src/loop/approve.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import type { Violation } from '../../src/simulate/watch/watch.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

/** A person's push to the base, which breaks it or mends it. */
function pushToBase({ universe, github: { remote } }: Stage, bug: 'BUG' | 'none'): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(tip).tree.files).set('legacy', bug);
  remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: 'person alice' }).oid);
  universe.watch.basePushed(remote);
}

const countingRuns =
  (runs: string[]) =>
  (engine: Engine): Engine => ({
    ...engine,
    commands: {
      run: command => {
        runs.push(command.command);
        return engine.commands.run(command);
      },
    },
  });

/** A good change on a base that somebody breaks while it is made. */
async function untilHeld(stage: Stage, runs: string[] = []) {
  const here = stage.fleet('h1', countingRuns(runs));
  await here.tick();
  pushToBase(stage, 'BUG');
  await here.untilAgentsStop();
  await here.tick();
  return here;
}

describe('a landing on a base that fails by itself', () => {
  it('uses up no attempt, shows why it waits, and verifies nothing again', async () => {
    const stage = aStage();
    const runs: string[] = [];
    const here = await untilHeld(stage, runs);
    expect(stage.github.story()).toEqual(['claim', 'landing']);
    const [pull] = stage.github.pulls();
    expect(pull).toMatchObject({ state: 'open' });
    expect(stage.github.comments().join()).toContain('so it does on the base');
    const before = runs.length;
    for (let turn = 0; turn < 3; turn += 1) await here.tick();
    expect(runs.length).toBe(before);
    expect(stage.github.story()).toEqual(['claim', 'landing']);
  });

  it('goes on once the base is mended', async () => {
    const stage = aStage();
    const here = await untilHeld(stage);
    pushToBase(stage, 'none');
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing', 'receipt', 'release']);
  });

  it('ends when the base is mended, and it fails all the same', async () => {
    const stage = aStage({ agents: ['wrong'], config: { HARNESS_MAX_ATTEMPTS: '1' } });
    const here = await untilHeld(stage);
    expect(stage.github.story()).toEqual(['claim', 'landing']);
    pushToBase(stage, 'none');
    await here.tick();
    expect(stage.github.story().slice(0, 3)).toEqual(['claim', 'landing', 'receipt:verify']);
  });

  it('lands with the word of a person for its head', async () => {
    const stage = aStage();
    const here = await untilHeld(stage);
    const head = stage.github.pulls()[0]?.headSha ?? '';
    await stage.until(approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha: head }));
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
    // The watch knows no word that stands above a verification.
    (stage.universe.watch.violations as Violation[]).splice(0);
  });
});
