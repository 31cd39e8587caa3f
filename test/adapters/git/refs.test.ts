import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import type { RefUpdate } from '../../../src/ports.ts';
import { entry, hostBody } from './records.ts';
import { git, journalOf, optionsFor, push, REF, REPO, setScene } from './setup.ts';

const HOST = 'refs/harness/hosts/fleet-a-boot-a';

it('reads nothing from a repository that has no such refs', async () => {
  const { options } = await setScene();
  expect(await createRefs(options).read(REPO)).toEqual({ journals: [], hosts: [] });
});

it('reads the entries of a journal back, oldest first', async () => {
  const { options, tipOf } = await setScene();
  const refs = createRefs(options);
  const [claim, receipt, release] = [
    entry(),
    entry({
      op: 'receipt',
      seq: 2,
      failure: { class: 'verify', signature: 'x', message: 'line "one"\n\nline two ✓' },
    }),
    entry({ op: 'release', seq: 3 }),
  ];
  const tip = await push(refs, REF, null, [claim]);
  const end = await push(refs, REF, tip, [receipt, release]);
  expect(tipOf(REF)).toBe(end);
  expect((await refs.read(REPO)).journals).toEqual([
    { ref: REF, tip: end, entries: [claim, receipt, release], problem: null },
  ]);
});

it('sees what another host pushed, and that a ref is gone', async () => {
  const { options, dir, server, remote } = await setScene();
  const [ours, theirs] = [createRefs(options), createRefs(optionsFor(`${dir}/other`, server.url))];
  const tip = await push(ours, REF, null, [entry()]);
  expect((await theirs.read(REPO)).journals.map(journal => journal.tip)).toEqual([tip]);
  await push(theirs, REF, tip, [entry({ seq: 2 })]);
  expect((await ours.read(REPO)).journals[0]?.entries).toHaveLength(2);
  git(remote, ['update-ref', '-d', REF]);
  expect((await ours.read(REPO)).journals).toEqual([]);
});

it('replaces a host record, and removes it', async () => {
  const { options, remote } = await setScene();
  const refs = createRefs(options);
  const [first, second] = [hostBody(), hostBody({ leases: [{ ref: REF, epoch: 3, worker: 'w1:1:1' }] })];
  const beat = (body: typeof first | null, expected: string | null) =>
    refs.push(REPO, [{ kind: 'host', ref: HOST, expected, body }]);
  await beat(first, null);
  const [record] = (await refs.read(REPO)).hosts;
  await beat(second, record?.tip ?? null);
  const [newer] = (await refs.read(REPO)).hosts;
  expect(newer).toMatchObject({ ref: HOST, body: second });
  expect(git(remote, ['rev-list', '--count', newer?.tip ?? ''])).toBe('1');
  expect(await beat(null, newer?.tip ?? null)).toEqual({ kind: 'done', tips: {} });
  expect((await refs.read(REPO)).hosts).toEqual([]);
});

it('keeps attachments, and finds the newest of each name', async () => {
  const { options } = await setScene();
  const refs = createRefs(options);
  const attach = (expected: string | null, attachments: Readonly<Record<string, string>>) =>
    refs.push(REPO, [{ kind: 'journal', ref: REF, expected, entries: [entry()], attachments }]);
  const tip = async () => (await journalOf(refs, REF)).tip;
  await attach(null, { 'verify.log': 'first\n', 'handoff.md': 'no newline' });
  await attach(await tip(), { 'verify.log': 'second\n\n' });
  await attach(await tip(), {});
  const journal = await journalOf(refs, REF);
  expect(await refs.attachment(REPO, journal, 'verify.log')).toBe('second\n\n');
  expect(await refs.attachment(REPO, journal, 'handoff.md')).toBe('no newline');
  expect(await refs.attachment(REPO, journal, 'other.log')).toBe(null);
  expect(await refs.attachment(REPO, journal, '../main')).toBe(null);
});

it('reads one spelling of each ref and leaves the rest alone', async () => {
  const { options, remote } = await setScene();
  const refs = createRefs(options);
  const tip = await push(refs, REF, null, [entry()]);
  const others = [
    'issues/07',
    'issues/0',
    'issues/x',
    'issues/8/x',
    'wip/7',
    'archive',
    'stages/.x',
    'claims/7',
  ];
  for (const name of others) git(remote, ['symbolic-ref', `refs/harness/${name}`, REF]);
  for (const name of ['stages/acme__app', 'landing/main', 'landing/release/1.0']) {
    git(remote, ['update-ref', `refs/harness/${name}`, tip]);
  }
  const read = (await refs.read(REPO)).journals.map(journal => journal.ref.replace('refs/harness/', ''));
  expect(read.sort()).toEqual(['issues/7', 'landing/main', 'landing/release/1.0', 'stages/acme__app']);
});

it.each([
  ['a newer version', JSON.stringify({ ...entry(), v: 2 }), /newer version/],
  ['text that is no JSON', 'hello', /not valid JSON/],
  ['an unknown field', JSON.stringify({ ...entry(), extra: 1 }), /extra/],
  ['a missing field', JSON.stringify({ ...entry(), epoch: undefined }), /epoch/],
])('holds a journal with %s, and still shows the entries it can read', async (_what, message, problem) => {
  const { options, remote } = await setScene();
  const refs = createRefs(options);
  const claim = entry();
  const tip = await push(refs, REF, null, [claim]);
  await push(refs, 'refs/harness/issues/8', null, [entry()]);
  const next = git(remote, ['commit-tree', git(remote, ['mktree']), '-p', tip], `${message}\n`);
  git(remote, ['update-ref', REF, next]);
  const journals = (await refs.read(REPO)).journals;
  expect(journals.map(journal => journal.problem)).toEqual([expect.stringMatching(problem), null]);
  expect(journals[0]).toMatchObject({ tip: next, entries: [claim] });
});

it.each(['a tree', 'a blob', 'a merge', 'another history'])('holds a journal whose ref is %s', async what => {
  const { options, remote, main } = await setScene();
  const refs = createRefs(options);
  const tip = await push(refs, REF, null, [entry()]);
  const odd = {
    'a tree': () => git(remote, ['mktree']),
    'a blob': () => git(remote, ['hash-object', '-w', '--stdin'], 'x'),
    'a merge': () =>
      git(remote, ['commit-tree', git(remote, ['mktree']), '-p', tip, '-p', main], JSON.stringify(entry())),
    'another history': () => main,
  }[what];
  git(remote, ['update-ref', REF, odd?.() ?? '']);
  expect(await journalOf(refs, REF)).toMatchObject({ problem: expect.any(String) });
});

it('reads a journal again that it could not read once', async () => {
  const { options, dir } = await setScene();
  await push(createRefs(options), REF, null, [entry()]);
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ "$1" != log ] || [ -e ${dir}/failed ] || { touch ${dir}/failed; exit 1; }\nPATH=\${PATH#*:} exec git "$@"\n`;
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  const refs = createRefs({ ...options, env: { PATH: `${bin}:${options.env.PATH}` } });
  expect((await journalOf(refs, REF)).problem).not.toBe(null);
  expect(await journalOf(refs, REF)).toMatchObject({ problem: null, entries: [{ op: 'claim' }] });
});

it('holds the leases of a holder whose host record it cannot read', async () => {
  const { options, remote } = await setScene();
  const refs = createRefs(options);
  await push(refs, REF, null, [entry()]);
  await push(refs, 'refs/harness/issues/8', null, [entry({ boot: 'boot-b' })]);
  const newer = JSON.stringify({ ...hostBody(), v: 2 });
  git(remote, ['update-ref', HOST, git(remote, ['commit-tree', git(remote, ['mktree'])], newer)]);
  const { journals, hosts } = await refs.read(REPO);
  expect(hosts).toEqual([]);
  expect(journals.map(journal => journal.problem)).toEqual([`${HOST} could not be read`, null]);
});

it('reads in many processes at once while others push', async () => {
  const { options } = await setScene();
  const readers = Array.from({ length: 5 }, () => createRefs(options));
  const writer = createRefs(options);
  const write = async () => {
    for (const number of [1, 2, 3, 4]) {
      const ref = `refs/harness/issues/${number}`;
      const body = hostBody();
      await writer.push(REPO, [
        { kind: 'journal', ref, expected: null, entries: [entry()] },
        { kind: 'host', ref: `${HOST}-${number}`, expected: null, body },
      ]);
      const record = (await writer.read(REPO)).hosts.find(({ ref }) => ref === `${HOST}-${number}`);
      await writer.push(REPO, [
        { kind: 'host', ref: `${HOST}-${number}`, expected: record?.tip ?? null, body: null },
      ]);
    }
  };
  const reads = readers.map(async refs => {
    for (let round = 0; round < 4; round += 1) await Promise.all([refs.read(REPO), refs.read(REPO)]);
    return refs;
  });
  await Promise.all([write(), ...reads]);
  const views = await Promise.all(readers.map(refs => refs.read(REPO)));
  for (const view of views) {
    expect(view.journals).toHaveLength(4);
    expect(view.hosts).toEqual([]);
  }
});

it('reads many times at once in one process', async () => {
  const { options, remote } = await setScene();
  const refs = createRefs(options);
  const tips = [
    await push(refs, REF, null, [entry()]),
    await push(refs, 'refs/harness/issues/8', null, [entry()]),
  ];
  for (const tip of tips) {
    const moves = Array.from({ length: 30 }, (_, at) => `update refs/harness/issues/${at + 100} ${tip}\n`);
    git(remote, ['update-ref', '--stdin'], moves.join(''));
    const views = await Promise.all(Array.from({ length: 6 }, () => refs.read(REPO)));
    expect(views.map(view => view.journals.filter(journal => journal.tip === tip).length)).toEqual(
      Array(6).fill(31),
    );
  }
});

it('clears away the mirrors of processes that are gone', async () => {
  const { options, dir } = await setScene();
  const refs = createRefs(options);
  const tip = await push(refs, REF, null, [entry()]);
  await refs.read(REPO);
  const bare = `${dir}/clones/acme__app.git`;
  // Above the largest pid that Linux gives out.
  const dead = 'refs/harness-local/seen/4194305-x';
  git(bare, ['update-ref', `${dead}/issues/7`, tip]);
  await createRefs(options).read(REPO);
  expect(git(bare, ['for-each-ref', dead])).toBe('');
  expect(git(bare, ['for-each-ref', 'refs/harness-local/seen'])).toContain(`/${process.pid}-`);
});

it('gets past a lock that a killed process left behind', async () => {
  const { options, dir, remote } = await setScene();
  const refs = createRefs(options);
  await push(refs, REF, null, [entry()]);
  await refs.read(REPO);
  git(remote, ['update-ref', '-d', REF]);
  const lock = `${dir}/clones/acme__app.git/packed-refs.lock`;
  writeFileSync(lock, '');
  utimesSync(lock, 0, 0);
  expect((await refs.read(REPO)).journals).toEqual([]);
});

it.each<[string, RefUpdate[]]>([
  ['nothing', []],
  ['an issue number with a leading zero', [journal('refs/harness/issues/07')]],
  ['a journal over a branch', [journal('refs/heads/main')]],
  ['a tag', [{ kind: 'branch', ref: 'refs/tags/v1', expected: null, target: null }]],
  ['one ref twice', [journal(REF), journal(REF)]],
])('refuses to push %s', async (_what, updates) => {
  const { options } = await setScene();
  await expect(createRefs(options).push(REPO, updates)).rejects.toMatchObject({ code: 'engine-failed' });
});

function journal(ref: string): RefUpdate {
  return { kind: 'journal', ref, expected: null, entries: [entry()] };
}
