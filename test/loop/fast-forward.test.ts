import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../src/errors.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { PushResult, RefUpdate } from '../../src/ports.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { isSound } from '../../src/simulate/project.ts';
import { aStage, type Stage, type StageFacts } from '../helpers/ports.ts';

const aForwardStage = ({ config, ...facts }: StageFacts = {}) =>
  aStage({ ...facts, config: { HARNESS_MERGE: 'ff', ...config } });

/** Puts something in the place of the pushes that move the base. */
const atTheBase =
  (act: (send: () => Promise<PushResult>) => Promise<PushResult>) =>
  (engine: Engine): Engine => {
    const send = (repo: string, updates: readonly RefUpdate[]) => engine.refs.push(repo, updates);
    const push: Engine['refs']['push'] = (repo, updates) =>
      updates.some(({ ref }) => ref === BASE) ? act(() => send(repo, updates)) : send(repo, updates);
    return { ...engine, refs: { ...engine.refs, push } };
  };

function pushToBase({ universe: { objects, watch }, github: { remote } }: Stage, name: string): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map([...objects.read(tip).tree.files, [`note/${name}`, 'a note of a person']]);
  remote.branches.set(BASE, objects.commit({ files, parents: [tip], by: 'alice' }).oid);
  watch.basePushed(remote);
}

const tipOf = ({ github }: Stage) => github.remote.branches.get(BASE);

const LANDED = ['claim', 'landing', 'landing', 'receipt', 'release'];

describe('a landing that moves the base itself', () => {
  it('makes the commit that was verified its head, and its pull request is merged by that', async () => {
    const stage = aForwardStage();
    await stage.fleet().finish();
    const [pull] = stage.github.pulls();
    expect(tipOf(stage)).toBe(pull?.headSha);
    expect(pull).toMatchObject({ state: 'closed', mergeCommit: tipOf(stage), mergedBy: 'engine' });
    expect(stage.github.story()).toEqual(LANDED);
    expect(stage.github.issue().state).toBe('closed');
    expect([...stage.github.remote.branches.keys()]).toEqual([BASE]);
    const gates = stage.github.journal().entries.at(-2)?.gates;
    expect(gates).toContainEqual(expect.objectContaining({ gate: 'read-back', verdict: 'pass' }));
  });

  it('makes the merge of both its head when the base has moved on', async () => {
    const stage = aForwardStage();
    const here = stage.fleet();
    await here.untilAgentsStop();
    pushToBase(stage, 'one');
    const before = tipOf(stage);
    await here.finish();
    const [pull] = stage.github.pulls();
    expect(stage.universe.objects.read(tipOf(stage) ?? '').parents).toEqual([before, pull?.headSha]);
    expect(stage.github.files()).toHaveProperty(['note/one']);
  });

  it('verifies again when the base moves right before the push', async () => {
    const stage = aForwardStage();
    let isFirst = true;
    const alter = atTheBase(send => {
      if (isFirst) pushToBase(stage, 'late');
      isFirst = false;
      return send();
    });
    await stage.fleet('h1', alter).finish();
    expect(stage.github.story()).toEqual(LANDED);
    expect(stage.github.files()).toHaveProperty(['note/late']);
  });

  it('lands one after the other, from more than one fleet', async () => {
    const stage = aForwardStage({
      hosts: 2,
      issues: [{ wish: 'api' }, { wish: 'use' }],
      config: { HARNESS_CAP: '1' },
    });
    const [here, there] = [stage.fleet('h1'), stage.fleet('h2')];
    await here.tick();
    await there.tick();
    await stage.wait(40);
    await stage.until(Promise.all([here.begin(), there.begin()]));
    await here.finish();
    await there.finish();
    expect(isSound(new Map(Object.entries(stage.github.files())))).toBe(true);
    expect(stage.github.pulls().map(({ mergedBy }) => mergedBy)).toEqual(['engine', 'engine']);
  });

  it('is taken from the journal when nobody knows what became of the push', async () => {
    const stage = aForwardStage();
    const alter = atTheBase(async send => {
      await send();
      return { kind: 'unknown', reason: 'no answer' };
    });
    const first = stage.fleet('h1', alter);
    await first.untilAgentsStop();
    await first.tick();
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing']);
    first.process.isAlive = false;
    const tip = tipOf(stage);
    await stage.fleet('h1').finish();
    expect(stage.github.story().filter(op => op !== 'takeover')).toEqual(LANDED);
    expect(stage.github.journal().entries.at(-2)?.landed?.commit).toBe(tip);
    expect(tipOf(stage)).toBe(tip);
  });

  it('waits for a person where the rules of the base refuse it', async () => {
    const stage = aForwardStage();
    const alter = atTheBase(async () => {
      throw new HarnessError('github-refused', 'GitHub refused a push of refs/heads/main.');
    });
    const here = stage.fleet('h1', alter);
    await here.untilAgentsStop();
    await here.tick();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'landing']);
    expect(stage.github.issue().labels).toContain('agent-blocked');
    expect(stage.github.comments().join()).toContain('its rules have to let it');
  });
});
