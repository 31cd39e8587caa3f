import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, REPO, until } from './fleet.ts';

interface Row {
  readonly repo: string;
  readonly owner: string | null;
  readonly ageMs: number;
  readonly everyMs: number | null;
  readonly result: string;
  readonly problem: string | null;
  readonly by: string;
  readonly lastHour: { readonly requests: number; readonly points: number };
  readonly fleets: readonly { readonly projectDir: string; readonly members: readonly string[] }[];
}

const rowsOf = async (fleet: Fleet) =>
  (JSON.parse((await fleet.harness('poll', '--json')).out) as { repositories: Row[] }).repositories;

const snapshotsIn = (directory: string) =>
  existsSync(directory) ? readdirSync(directory).filter(name => name.endsWith('.jsonl')) : [];

describe('poll', () => {
  it('tells how fresh a snapshot is, who read it and who needs it', async () => {
    const town = await aTown();
    town.issue('first');
    const fleet = await town.fleet('one', { HARNESS_LABEL_READY: 'nothing', HARNESS_POOL: '1' });
    expect((await fleet.harness('poll')).out).toBe('No repository was read on this host yet.');
    await fleet.harness('start');
    await until(
      'the worker says what it needs',
      60_000,
      async () => (await rowsOf(fleet))[0]?.everyMs === 4_000,
    );
    const [row] = await rowsOf(fleet);
    expect(row).toMatchObject({ repo: REPO, owner: null, result: 'read', problem: null });
    expect(row?.fleets).toMatchObject([{ projectDir: fleet.dir, members: ['w1'] }]);
    expect(row?.by).toContain(fleet.dir);
    expect(row?.lastHour.requests).toBeGreaterThan(0);
    const { out } = await fleet.harness('poll', '--status');
    expect(out).toMatch(/acme\/app +\d+ s ago +4 s +read +\d+ requests, \d+ points/);
    expect(out).toContain(`acme/app is needed by w1 of ${fleet.dir}`);
    await fleet.harness('stop', '--now');
    expect(await rowsOf(fleet)).toMatchObject([{ repo: REPO, everyMs: null, fleets: [] }]);
  });

  it('reads at once for all when it is asked to, and fails when it cannot', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one');
    town.issue('first');
    expect(await fleet.harness('poll', '--once')).toEqual({
      exit: 0,
      out: 'acme/app: 1 open, 0 closed',
      err: '',
    });
    town.issue('second');
    expect((await fleet.harness('poll', '--once')).out).toBe('acme/app: 2 open, 0 closed');
    town.forge.faults.add({ kind: 'status', status: 503 });
    const failed = await fleet.harness('poll', '--once');
    expect(failed.exit).toBe(4);
    expect(failed.out).toContain('503');
    expect(await rowsOf(fleet)).toMatchObject([
      { result: 'failed', problem: expect.stringContaining('503') },
    ]);
    expect((await fleet.harness('poll', '--once', '--status')).exit).toBe(2);
  });

  it('shows the own snapshot of a fleet that shares none', async () => {
    const town = await aTown();
    const fleet = await town.fleet('one', { HARNESS_USE_POLLER: '0' });
    await fleet.harness('poll', '--once');
    const { fleet: id } = JSON.parse((await fleet.harness('status', '--json')).out) as { fleet: string };
    expect(snapshotsIn(path.join(fleet.home, '.harness/fleets', id, 'snapshots'))).toHaveLength(1);
    expect(snapshotsIn(path.join(fleet.home, '.harness/snapshots'))).toEqual([]);
    expect(readdirSync(path.join(fleet.home, '.harness/gates')).length).toBeGreaterThan(0);
    expect(await rowsOf(fleet)).toMatchObject([{ repo: REPO, owner: id }]);
    expect((await fleet.harness('poll')).out).toContain('acme/app (own)');
  });
});
