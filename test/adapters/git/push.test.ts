import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import type { RefUpdate } from '../../../src/ports.ts';
import { entry, hostBody } from './records.ts';
import { commitFiles, git, journalOf, optionsFor, push, REF, REPO, setScene } from './setup.ts';

const HOST = 'refs/harness/hosts/fleet-a-boot-a';
const BRANCH = 'refs/heads/issue/7';

async function setDuel() {
  const scene = await setScene();
  const optionsOn = (host: string) => optionsFor(`${scene.dir}/${host}`, scene.server.url);
  const refsOn = (host: string) => createRefs(optionsOn(host));
  await createRepos(optionsOn('one')).fetchBranch(REPO, 'main');
  return { ...scene, refsOn, one: refsOn('one'), two: refsOn('two') };
}

const journal = (expected: string | null, facts = {}): RefUpdate => ({
  kind: 'journal',
  ref: REF,
  expected,
  entries: [entry(facts)],
});

describe('a race', () => {
  it('has one winner, whether the racers share a clone or not', async () => {
    const { refsOn, tipOf } = await setDuel();
    const racers = ['a', 'a', 'a', 'b', 'c', 'd'].map(refsOn);
    let expected: string | null = null;
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(racers.map(refs => refs.read(REPO)));
      const results = await Promise.all(racers.map(refs => refs.push(REPO, [journal(expected)])));
      const won = results.flatMap(result => (result.kind === 'done' ? [result.tips[REF]] : []));
      expect(won).toEqual([tipOf(REF)]);
      expect(results.filter(result => result.kind === 'lost')).toHaveLength(racers.length - 1);
      expected = tipOf(REF);
    }
  });

  it('has one winner when both push the very same entry', async () => {
    const { one, two, tipOf } = await setDuel();
    const same = journal(null);
    const first = await one.push(REPO, [same]);
    const second = await two.push(REPO, [same]);
    expect([first.kind, second.kind]).toEqual(['done', 'lost']);
    expect(first).toMatchObject({ tips: { [REF]: tipOf(REF) } });
  });
});

describe('a chain that begins anew', () => {
  const TRAIN = 'refs/harness/landing/main';
  const claim = (expected: string | null, seq: number): RefUpdate => ({
    kind: 'journal',
    ref: TRAIN,
    expected,
    entries: [entry({ epoch: seq, seq })],
    restarts: true,
  });

  it('forgets its earlier entries, and moves only from the tip that was read', async () => {
    const { one, two, tipOf } = await setDuel();
    await one.push(REPO, [claim(null, 1)]);
    const first = tipOf(TRAIN);
    await two.read(REPO);
    expect((await one.push(REPO, [claim(first, 2)])).kind).toBe('done');
    expect((await two.push(REPO, [claim(first, 2)])).kind).toBe('lost');
    const { journals } = await two.read(REPO);
    expect(journals.find(({ ref }) => ref === TRAIN)?.entries.map(({ seq }) => seq)).toEqual([2]);
  });
});

describe('a holder that was overtaken', () => {
  async function overtake() {
    const scene = await setDuel();
    const held = await push(scene.one, REF, null, [entry()]);
    await scene.two.read(REPO);
    const taken = await push(scene.two, REF, held, [entry({ op: 'takeover', epoch: 2, seq: 2 })]);
    return { ...scene, zombie: scene.one, held, taken };
  }

  it('moves neither its journal nor its branch', async () => {
    const { zombie, held, taken, tipOf, main } = await overtake();
    const result = await zombie.push(REPO, [
      journal(held, { seq: 2 }),
      { kind: 'branch', ref: BRANCH, expected: null, target: main },
    ]);
    expect(result).toEqual({ kind: 'lost', reason: `${REF} is not as expected` });
    expect([tipOf(REF), tipOf(BRANCH)]).toEqual([taken, null]);
  });

  it('does not bring back a lease that was released and removed', async () => {
    const { zombie, held, remote, tipOf } = await overtake();
    git(remote, ['update-ref', '-d', REF]);
    expect(await zombie.push(REPO, [journal(held)])).toMatchObject({ kind: 'lost' });
    expect(tipOf(REF)).toBe(null);
  });

  it('does not take back what a stranger moved without a lease', async () => {
    const { two, taken, remote, tipOf } = await overtake();
    const stolen = git(
      remote,
      ['commit-tree', git(remote, ['mktree']), '-p', taken],
      JSON.stringify(entry()),
    );
    git(remote, ['update-ref', REF, stolen]);
    expect(await two.push(REPO, [journal(taken)])).toMatchObject({ kind: 'lost' });
    expect(tipOf(REF)).toBe(stolen);
  });

  it('deletes nothing that has changed', async () => {
    const { one, two, tipOf, remote, main } = await overtake();
    await one.push(REPO, [{ kind: 'host', ref: HOST, expected: null, body: hostBody() }]);
    const old = tipOf(HOST);
    await one.push(REPO, [{ kind: 'host', ref: HOST, expected: old, body: hostBody() }]);
    const now = tipOf(HOST);
    expect(await two.push(REPO, [{ kind: 'host', ref: HOST, expected: old, body: null }])).toMatchObject({
      kind: 'lost',
    });
    expect(tipOf(HOST)).toBe(now);
    const moved = commitFiles(remote, 'main', { 'b.txt': 'b' });
    const main7: RefUpdate = { kind: 'branch', ref: 'refs/heads/main', expected: main, target: null };
    expect(await two.push(REPO, [main7])).toMatchObject({ kind: 'lost' });
    expect(tipOf('refs/heads/main')).toBe(moved);
  });
});

describe('a push of several refs', () => {
  it('moves a lease and a branch together', async () => {
    const { one, tipOf, main } = await setDuel();
    const result = await one.push(REPO, [
      journal(null),
      { kind: 'branch', ref: BRANCH, expected: null, target: main },
    ]);
    expect(result).toEqual({ kind: 'done', tips: { [REF]: tipOf(REF), [BRANCH]: main } });
    expect(tipOf(BRANCH)).toBe(main);
  });

  it('succeeds when the branch is where it should be already', async () => {
    const { one, remote, main, tipOf } = await setDuel();
    git(remote, ['update-ref', BRANCH, main]);
    const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: main, target: main };
    expect(await one.push(REPO, [journal(null), branch])).toMatchObject({ kind: 'done' });
    expect(tipOf(REF)).not.toBe(null);
  });

  it('releases the lease and deletes the branch together', async () => {
    const { one, remote, main, tipOf } = await setDuel();
    git(remote, ['update-ref', BRANCH, main]);
    const tip = await push(one, REF, null, [entry()]);
    const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: main, target: null };
    expect(await one.push(REPO, [journal(tip, { op: 'release' }), branch])).toMatchObject({ kind: 'done' });
    expect(tipOf(BRANCH)).toBe(null);
  });

  it('says that the remote refused what it will never take, and moves nothing', async () => {
    const { one, remote, main, tipOf } = await setDuel();
    git(remote, ['update-ref', 'refs/heads/issue', main]);
    const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: null, target: main };
    await expect(one.push(REPO, [journal(null), branch])).rejects.toMatchObject({ code: 'github-refused' });
    expect([tipOf(REF), tipOf(BRANCH)]).toEqual([null, null]);
  });

  it('fails when it was given a commit that is not there', async () => {
    const { one, tipOf } = await setDuel();
    const branch: RefUpdate = { kind: 'branch', ref: BRANCH, expected: null, target: 'a'.repeat(40) };
    await expect(one.push(REPO, [journal(null), branch])).rejects.toMatchObject({ code: 'git-failed' });
    expect(tipOf(REF)).toBe(null);
  });

  it('says that a hidden ref was refused where branches are refused, too', async () => {
    const { one, remote, tipOf } = await setDuel();
    git(remote, ['config', 'receive.hideRefs', 'refs']);
    await expect(one.push(REPO, [journal(null)])).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('hidden ref'),
    });
    expect(tipOf(REF)).toBe(null);
  });
});

it('goes on after its clone was deleted', async () => {
  const { one, dir } = await setDuel();
  await push(one, REF, null, [entry()]);
  rmSync(`${dir}/one`, { recursive: true });
  const { tip } = await journalOf(one, REF);
  expect(await push(one, REF, tip, [entry({ seq: 2 })])).not.toBe(tip);
});
