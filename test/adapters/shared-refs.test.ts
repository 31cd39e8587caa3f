import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { borrowRefs, lendRefs } from '../../src/adapters/shared-refs.ts';
import type { Refs, RefsView } from '../../src/ports.ts';

const view = (tip: string): RefsView => ({
  journals: [{ ref: 'refs/harness/issues/7', tip, entries: [], problem: null }],
  hosts: [],
});

function aDirectory(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return path.join(dir, 'lent');
}

const answering = (read: () => RefsView): Refs => ({
  read: async () => read(),
  push: async () => ({ kind: 'lost', reason: 'not here' }),
  attachment: async () => null,
  packet: async () => null,
});

const refusing = answering(() => {
  throw new Error('must not be asked');
});

it('lends what was read to whoever only looks', async () => {
  const dir = aDirectory();
  await lendRefs(
    answering(() => view('a')),
    dir,
  ).read('Acme/App');
  expect(await borrowRefs(refusing, dir).read('acme/app')).toEqual(view('a'));
});

it('lends the newest reading', async () => {
  const dir = aDirectory();
  let tip = 'a';
  const lending = lendRefs(
    answering(() => view(tip)),
    dir,
  );
  await lending.read('acme/app');
  tip = 'b';
  await lending.read('acme/app');
  expect(await borrowRefs(refusing, dir).read('acme/app')).toEqual(view('b'));
});

it('reads for itself where nothing was lent, where it is old, and where it is garbled', async () => {
  const dir = aDirectory();
  const own = borrowRefs(
    answering(() => view('own')),
    dir,
  );
  expect(await own.read('acme/app')).toEqual(view('own'));
  await lendRefs(
    answering(() => view('lent')),
    dir,
  ).read('acme/app');
  const file = path.join(dir, readdirSync(dir)[0] ?? '');
  utimesSync(file, 0, 0);
  expect(await own.read('acme/app')).toEqual(view('own'));
  writeFileSync(file, '{');
  expect(await own.read('acme/app')).toEqual(view('own'));
});
