import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { oneLine } from '../../../src/adapters/snapshots/lines.ts';
import { openSharedFile, takeLock } from '../../../src/adapters/snapshots/shared-file.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { aLog } from '../github/setup.ts';

const Counter = z.object({ count: z.int() });
type Counter = z.infer<typeof Counter>;
const format = oneLine(Counter);

const open = (path: string, readOnly = false) => openSharedFile({ path, format, readOnly, log: aLog() });
const aPath = () => join(makeTempDir(), 'shared', 'counter.json');
const increment = (known: Counter | null): Counter => ({ count: (known?.count ?? 0) + 1 });

describe('a shared file', () => {
  it('is null while there is none, and for text that cannot be read', async () => {
    const path = aPath();
    expect(open(path).read()).toBeNull();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"count":');
    expect(open(path).read()).toBeNull();
  });

  it('loses no change of many at once', async () => {
    const path = aPath();
    await Promise.all(Array.from({ length: 20 }, () => open(path).change(increment)));
    expect(open(path).read()).toEqual({ count: 20 });
  });

  it('is for its owner only, and leaves nothing else behind', async () => {
    const path = aPath();
    await open(path).change(increment);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['counter.json']);
  });

  it('is changed anew when others have written since it was read, as after a sleep that has cost the lock', async () => {
    const path = aPath();
    const [ours, theirs] = [open(path), open(path)];
    await ours.change(increment);
    let turns = 0;
    const { value } = await ours.change(known => {
      turns += 1;
      if (turns === 1) theirs.replace({ count: 41 });
      return increment(known);
    });
    expect({ value, turns }).toEqual({ value: { count: 42 }, turns: 2 });
    expect(theirs.read()).toEqual({ count: 42 });
  });

  it('is not written when nothing changes', async () => {
    const path = aPath();
    const file = open(path);
    await file.change(increment);
    const before = statSync(path).ino;
    expect(await file.change(known => known)).toEqual({ value: { count: 1 }, changed: false });
    expect(statSync(path).ino).toBe(before);
  });

  it('sees at once what another process wrote', async () => {
    const path = aPath();
    const [ours, theirs] = [open(path), open(path)];
    await ours.change(increment);
    expect(theirs.read()).toEqual({ count: 1 });
    await theirs.change(increment);
    expect(ours.read()).toEqual({ count: 2 });
  });

  it('that may not be written is changed in memory only', async () => {
    const path = aPath();
    const file = open(path, true);
    await file.change(increment);
    expect(file.read()).toEqual({ count: 1 });
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
  });

  it('that cannot be written is kept for this process', async () => {
    const file = open('/dev/null/counter.json');
    await file.change(increment);
    await file.change(increment);
    expect(file.read()).toEqual({ count: 2 });
  });
});

describe('a lock', () => {
  it('is held by one at a time', async () => {
    const path = aPath();
    const first = await takeLock(path, { retries: 0, log: aLog() });
    expect(await takeLock(path, { retries: 0, log: aLog() })).toBe('held');
    if (typeof first === 'function') await first();
    const second = await takeLock(path, { retries: 0, log: aLog() });
    expect(second).toBeTypeOf('function');
    if (typeof second === 'function') await second();
  });

  it('is given up where there can be none', async () => {
    const log = aLog();
    expect(await takeLock('/dev/null/x', { retries: 0, log })).toBeNull();
    expect(log.lines).toEqual([expect.stringContaining('could not lock')]);
  });
});
