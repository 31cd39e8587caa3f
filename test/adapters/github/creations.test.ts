import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { begunFormat, createAt } from '../../../src/adapters/github/creations.ts';
import { openSharedFile } from '../../../src/adapters/snapshots/shared-file.ts';
import { HarnessError } from '../../../src/errors.ts';

const PLACE = 'acme/app#7 status';
const NO_ANSWER = new HarnessError('github-unreachable', 'no answer');

/** A host whose processes share their notes. */
function aHost() {
  const dir = mkdtempSync(join(tmpdir(), 'harness-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const time = { now: 1_000_000 };
  const clock = { now: () => time.now, monotonic: () => time.now, nonce: () => '' };
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  const path = join(dir, 'creations.json');
  const process = () => {
    const file = openSharedFile({ path, format: begunFormat, readOnly: false, log });
    return (create: () => Promise<string>, { place = PLACE, pace = true } = {}) =>
      createAt(place, { notes: async () => file, clock, pace }, create);
  };
  return { time, process };
}

const make = async () => 'made';
const lose = () => Promise.reject(NO_ANSWER);
const never = () => new Promise<string>(() => {});

it('is not created while the request of a process that died may be under way', async () => {
  const { time, process } = aHost();
  let isSent = false;
  void process()(() => {
    isSent = true;
    return never();
  });
  await expect.poll(() => isSent).toBe(true);
  await expect(process()(make)).rejects.toThrow('acme/app#7 status may still be under way');
  expect(await process()(make, { place: 'acme/app#8 status' })).toBe('made');
  time.now += 15_000;
  expect(await process()(make)).toBe('made');
  expect(await process()(make)).toBe('made');
});

it('waits as long for what was given up without an answer, and not at all for what was refused', async () => {
  const { time, process } = aHost();
  await expect(process()(lose)).rejects.toBe(NO_ANSWER);
  await expect(process()(make)).rejects.toThrow('under way');
  time.now += 15_000;
  const refused = new HarnessError('github-refused', 'no');
  await expect(process()(() => Promise.reject(refused))).rejects.toBe(refused);
  expect(await process()(make)).toBe('made');
});

it('takes no notes of an API on this host', async () => {
  const { process } = aHost();
  await expect(process()(lose, { pace: false })).rejects.toBe(NO_ANSWER);
  expect(await process()(make)).toBe('made');
});
