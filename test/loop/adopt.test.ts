import { describe, expect, it } from 'vitest';
import { foldJournal } from '../../src/core/journal.ts';
import { adoptPull } from '../../src/loop/adopt.ts';
import { createPull } from '../../src/simulate/github/pulls.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { dyingAt } from '../helpers/dying.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';

/** A person's pull request for issue 1. */
function aPull({ universe, github: { remote } }: Stage, text: string, body = 'Closes #1'): number {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(tip).tree.files).set('own/1', text);
  remote.branches.set('refs/heads/ann', universe.objects.commit({ files, parents: [tip], by: 'ann' }).oid);
  return createPull(universe, remote, { head: 'ann', base: 'main', title: 'Mine', body }).number;
}

const of = (pull: number) => ({ repo: STAGE_REPO, unit: 'main', pull, issue: null, title: null });

describe('a pull request that is adopted', () => {
  it('lands as any change, with one receipt and no session', async () => {
    const stage = aStage({ hosts: 2 });
    const pull = aPull(stage, 'done by ann');
    const fleet = stage.fleet();
    const { end } = await stage.until(adoptPull(stage.fleet('h2').engine, of(pull)));
    expect(end.kind).toBe('landed');
    expect(stage.github.story()).toEqual(['claim', 'receipt', 'release']);
    expect(stage.github.files()['own/1']).toBe('done by ann');
    expect(stage.github.issue().state).toBe('closed');
    expect(await fleet.sessions()).toEqual([]);
  });

  it('uses up no attempt of an agent when a gate refuses it', async () => {
    const stage = aStage({ hosts: 2, config: { HARNESS_MAX_ATTEMPTS: '1' } });
    const pull = aPull(stage, 'BUG of ann');
    const fleet = stage.fleet();
    const { end } = await stage.until(adoptPull(stage.fleet('h2').engine, of(pull)));
    expect(end).toMatchObject({ kind: 'failed', reason: expect.stringContaining('verify') });
    expect(foldJournal(stage.github.journal().entries)).toMatchObject({ failures: [], holder: null });
    await fleet.finish();
    expect(stage.github.story().slice(3)).toEqual(['claim', 'landing', 'receipt', 'release']);
  });

  it('is refused while an agent works on its issue', async () => {
    const stage = aStage({ hosts: 2, agents: ['endless'] });
    const pull = aPull(stage, 'done by ann');
    const fleet = stage.fleet();
    await fleet.tick();
    const adopting = stage.until(adoptPull(stage.fleet('h2').engine, of(pull)));
    await expect(adopting).rejects.toMatchObject({ code: 'issue-held' });
  });

  it.each([1, 2, 3])('is adopted again where its command was ended at write %i', async at => {
    const stage = aStage({ hosts: 2 });
    const pull = aPull(stage, 'done by ann');
    const first = stage.fleet('h2', engine => dyingAt({ isArmed: true, writes: 0, at }, engine));
    await stage.until(adoptPull(first.engine, of(pull))).catch(() => undefined);
    first.process.isAlive = false;
    await stage.until(adoptPull(stage.fleet('h2').engine, of(pull)));
    expect(stage.github.story()).toEqual([
      ...['claim', 'takeover', 'receipt:interrupted', 'release', 'claim', 'receipt', 'release'],
    ]);
  });

  it('ends with a receipt wherever its command dies', async () => {
    for (let write = 1; write <= 4; write += 1) {
      const stage = aStage({ hosts: 2, config: { HARNESS_LABEL_READY: 'nobody' } });
      const pull = aPull(stage, 'done by ann');
      const death = { isArmed: true, writes: 0, at: write };
      const command = stage.fleet('h2', engine => dyingAt(death, engine));
      await stage.until(adoptPull(command.engine, of(pull))).catch(() => undefined);
      command.process.isAlive = false;
      const fleet = stage.fleet();
      for (let turn = 0; turn < 20; turn += 1) {
        await fleet.tick();
        await stage.wait(10);
      }
      const { holder, open, receipts } = foldJournal(stage.github.journal().entries);
      expect([holder, open, receipts.length], `died at write ${write}`).toEqual([null, null, 1]);
    }
  });
});
