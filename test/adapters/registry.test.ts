import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifySelf } from '../../src/adapters/processes.ts';
import { watchedWith } from '../../src/adapters/registry/running-fleets.ts';
import { createRegistry, type Registry } from '../../src/adapters/registry.ts';
import { makeTempDir, waitFor } from '../helpers/temp.ts';
import { aLog } from './github/setup.ts';

/** A process of a fleet; in these tests all of them are this one. */
function aMember(directory: string, fleet = 'one', change: { prefix?: string; isShared?: boolean } = {}) {
  return createRegistry({
    directory,
    fleet: { fleet, projectDir: `/home/ada/${fleet}`, prefix: 'app', isShared: true, ...change },
    log: aLog(),
  });
}

const need = (repo: string, everyMs: number) => ({ account: 'a', repo, everyMs });

const names = (registry: Registry) => registry.running().map(({ fleet, members }) => [fleet, ...members]);

/** Writes what a fleet leaves whose only process was killed. */
function leaveDead(directory: string, fleet: string): void {
  const members = { w1: { identity: { ...identifySelf(), started: '1' }, needs: [need('acme/app', 1_000)] } };
  const record = { version: 1, fleet, projectDir: '/gone', prefix: 'app', isShared: true, members };
  writeFileSync(join(directory, `${fleet}.json`), `${JSON.stringify(record)}\n`);
}

describe('the registry', () => {
  it('counts a fleet as long as one of its processes is in it', async () => {
    const directory = makeTempDir();
    const [first, second] = [aMember(directory), aMember(directory)];
    await Promise.all([first.join('w1'), second.join('w2')]);
    expect(names(first)).toEqual([['one', 'w1', 'w2']]);
    await first.leave();
    expect(names(first)).toEqual([['one', 'w2']]);
    await second.leave();
    expect(names(first)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not count the dead, and forgets them when somebody joins', async () => {
    const directory = makeTempDir();
    leaveDead(directory, 'dead');
    const registry = aMember(directory);
    expect(registry.running()).toEqual([]);
    expect(readdirSync(directory)).toEqual(['dead.json']);
    await registry.join('w1');
    expect(readdirSync(directory)).toEqual(['one.json']);
  });

  it('takes the strictest of what the processes of a fleet look at', async () => {
    const directory = makeTempDir();
    const [busy, quiet] = [aMember(directory), aMember(directory)];
    await busy.join('w1');
    await quiet.join('w2');
    quiet.need(need('acme/app', 60_000));
    quiet.need(need('acme/lib', 60_000));
    busy.need(need('acme/App', 5_000));
    await waitFor(() => busy.running()[0]?.needs.length === 2);
    await waitFor(() => busy.running()[0]?.needs.some(({ everyMs }) => everyMs === 5_000));
    expect(new Set(busy.running()[0]?.needs)).toEqual(
      new Set([need('acme/App', 5_000), need('acme/lib', 60_000)]),
    );
    await busy.leave();
    expect(busy.running()[0]?.needs).toEqual([need('acme/app', 60_000), need('acme/lib', 60_000)]);
  });

  it('counts a shared snapshot once, and one that a fleet has for itself as another', async () => {
    const directory = makeTempDir();
    const members = [aMember(directory, 'one'), aMember(directory, 'two')];
    const alone = aMember(directory, 'alone', { isShared: false });
    for (const registry of [...members, alone]) {
      await registry.join('w1');
      registry.need(need('acme/app', 5_000));
    }
    await waitFor(() => alone.running().every(({ needs }) => needs.length === 1));
    expect(watchedWith(alone.running(), 'a')).toHaveLength(2);
    expect(watchedWith(alone.running(), 'b')).toEqual([]);
  });

  it('comes back when its directory was deleted', async () => {
    const directory = join(makeTempDir(), 'fleets');
    const registry = aMember(directory);
    await registry.join('w1');
    registry.need(need('acme/app', 5_000));
    await waitFor(() => registry.running()[0]?.needs.length === 1);
    rmSync(directory, { recursive: true });
    registry.need(need('acme/app', 5_000));
    await waitFor(() => registry.running()[0]?.needs.length === 1);
  });

  it('leaves a file alone that it cannot read: a newer version may have written it', async () => {
    const directory = makeTempDir();
    writeFileSync(join(directory, 'newer.json'), '{"version":2}\n');
    writeFileSync(join(directory, 'garbled.json'), '{');
    const registry = aMember(directory);
    await registry.join('w1');
    expect(names(registry)).toEqual([['one', 'w1']]);
    expect(readdirSync(directory).toSorted()).toEqual(['garbled.json', 'newer.json', 'one.json']);
  });
});
