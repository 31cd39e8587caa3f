import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { createRepos } from '../../../src/adapters/git/repos.ts';
import type { RefUpdate } from '../../../src/ports.ts';
import { entry } from './records.ts';
import { commitFiles, git, journalOf, optionsFor, push, REF, REPO, setScene } from './setup.ts';

const MARKER = 'refs/heads/harness/namespace';
const MOVED = 'refs/heads/harness/issues/7';
const WIP = 'refs/harness/wip/7';

const claim: RefUpdate = { kind: 'journal', ref: REF, expected: null, entries: [entry({})] };

/** A remote that takes branches and tags only, and two hosts that don't know it yet. */
async function aStrictRemote() {
  const scene = await setScene();
  for (const pattern of ['refs', '!refs/heads', '!refs/tags']) {
    git(scene.remote, ['config', '--add', 'receive.hideRefs', pattern]);
  }
  const optionsOn = (host: string) => optionsFor(`${scene.dir}/${host}`, scene.server.url);
  return {
    ...scene,
    one: createRefs(optionsOn('one')),
    two: createRefs(optionsOn('two')),
    repos: createRepos(optionsOn('two')),
  };
}

const NO_ISSUE_BRANCHES = '#!/bin/sh\ncase "$1" in refs/heads/issue/*) exit 1 ;; esac\n';

const allRefs = (remote: string) => git(remote, ['for-each-ref', '--format=%(refname)']).split('\n').sort();

describe('a remote that takes branches only', () => {
  it('gets its journals as branches, under the names that all hosts know them by', async () => {
    const { one, two, remote } = await aStrictRemote();
    expect((await one.read(REPO)).onBranches).toBeUndefined();
    const first = await push(one, REF, null, [entry({})]);
    expect(allRefs(remote)).toEqual([MOVED, MARKER, 'refs/heads/main']);
    expect(await two.read(REPO)).toMatchObject({ onBranches: true, journals: [{ ref: REF, tip: first }] });
    const second = await push(two, REF, first, [entry({ seq: 2 })]);
    expect(await journalOf(one, REF)).toMatchObject({ tip: second, entries: [{ seq: 1 }, { seq: 2 }] });
  });

  it('has one winner when two hosts find out at once', async () => {
    const { one, two, tipOf } = await aStrictRemote();
    await Promise.all([one.read(REPO), two.read(REPO)]);
    const results = await Promise.all([one.push(REPO, [claim]), two.push(REPO, [claim])]);
    const won = results.flatMap(result => (result.kind === 'done' ? [result.tips[REF]] : []));
    expect(won).toEqual([tipOf(MOVED)]);
    expect(results.filter(({ kind }) => kind === 'lost')).toHaveLength(1);
  });

  it('fences a branch by the journal there, too, and finds saved work', async () => {
    const { one, two, repos, remote, main, tipOf } = await aStrictRemote();
    const tip = await push(one, REF, null, [entry({})]);
    await two.read(REPO);
    await repos.fetchBranch(REPO, 'main');
    const saved = { kind: 'branch', ref: WIP, expected: null, target: main } as const;
    const stale: RefUpdate = { ...claim, expected: null };
    expect(await two.push(REPO, [stale, saved])).toMatchObject({ kind: 'lost' });
    expect(tipOf('refs/heads/harness/wip/7')).toBeNull();
    const next: RefUpdate = { ...claim, expected: tip, entries: [entry({ seq: 2 })] };
    expect(await two.push(REPO, [next, saved])).toMatchObject({ kind: 'done', tips: { [WIP]: main } });
    expect(tipOf('refs/heads/harness/wip/7')).toBe(main);
    expect(await repos.remoteBranch(REPO, WIP)).toBe(main);
    expect(git(remote, ['log', '-1', '--format=%B', MOVED])).toContain('[skip ci]');
  });

  it('goes on with branches when the marker was made by hand and refs are still there', async () => {
    const { refs, remote, main } = await setScene().then(scene => ({
      ...scene,
      refs: createRefs(scene.options),
    }));
    const tip = await push(refs, REF, null, [entry({})]);
    git(remote, ['update-ref', MOVED, tip]);
    git(remote, ['update-ref', MARKER, main]);
    const { journals } = await refs.read(REPO);
    expect(journals.map(({ ref }) => ref)).toEqual([REF]);
    await push(refs, REF, tip, [entry({ seq: 2 })]);
    expect(git(remote, ['rev-parse', REF])).toBe(tip);
  });
});

describe('leases stay where they are', () => {
  it('when a push is refused that would be refused as a branch, too', async () => {
    const { options, server, remote } = await setScene();
    const refs = createRefs(options);
    await refs.read(REPO);
    server.onRequest(({ url, method }) =>
      method === 'POST' && url?.endsWith('receive-pack') ? 403 : 'none',
    );
    await expect(refs.push(REPO, [claim])).rejects.toMatchObject({ code: 'github-refused' });
    expect(allRefs(remote)).toEqual(['refs/heads/main']);
  });

  it('when only what was pushed with it is refused', async () => {
    const { options, remote, main } = await setScene();
    mkdirSync(join(remote, 'hooks'), { recursive: true });
    writeFileSync(join(remote, 'hooks/update'), NO_ISSUE_BRANCHES, { mode: 0o755 });
    const refs = createRefs(options);
    await createRepos(options).fetchBranch(REPO, 'main');
    const branch = { kind: 'branch', ref: 'refs/heads/issue/7', expected: null, target: main } as const;
    await expect(refs.push(REPO, [claim, branch])).rejects.toMatchObject({ code: 'github-refused' });
    expect(allRefs(remote)).toEqual(['refs/heads/main']);
  });

  it('when others hold some that this host may not write', async () => {
    const { one, remote, main } = await aStrictRemote();
    git(remote, ['update-ref', 'refs/harness/issues/9', main]);
    await expect(one.push(REPO, [claim])).rejects.toMatchObject({ code: 'github-refused' });
    expect(allRefs(remote)).toEqual(['refs/harness/issues/9', 'refs/heads/main']);
  });

  it('when one host may write them all, and another finds out at the same moment that it may not', async () => {
    const { options, server, remote, main, tipOf } = await setScene();
    const refs = createRefs(options);
    await refs.read(REPO);
    commitFiles(remote, 'other', { a: 'a' });
    // The other host's word arrives while this push is on its way.
    server.onRequest(({ method, url }) => {
      if (method === 'POST' && url?.endsWith('receive-pack') && !tipOf(MARKER))
        git(remote, ['update-ref', MARKER, main]);
      return 'none';
    });
    expect(await refs.push(REPO, [claim])).toMatchObject({ kind: 'lost' });
    expect(tipOf(REF)).toBeNull();
    expect(await refs.push(REPO, [claim])).toMatchObject({ kind: 'done' });
    expect(tipOf(MOVED)).not.toBeNull();
  });
});
