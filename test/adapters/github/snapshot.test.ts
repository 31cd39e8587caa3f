import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Forge } from '../../../src/forge/index.ts';
import type { Snapshot } from '../../../src/ports.ts';
import { aForgeWithRepository, octokitOf } from '../../forge/a-forge.ts';
import { aBoard, aClock, aLog, aSnapshotsDir, NOW } from './setup.ts';

const REPO = 'acme/app';
const MINUTE = 60_000;

const numbersOf = (snapshot: Snapshot) => snapshot.issues.map(issue => issue.number);

function addIssues(forge: Forge, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => forge.addIssue({ repo: REPO, title: `issue ${index}` }));
}

async function edit(forge: Forge, number: number, change: object, token = 'token-acme'): Promise<void> {
  const [owner, repo] = REPO.split('/') as [string, string];
  await octokitOf(forge, token).rest.issues.update({ owner, repo, issue_number: number, ...change });
}

/** Requests of a board since the log was cleared, as `METHOD route status`. */
const asked = (forge: Forge) =>
  forge.requests.all().map(({ method, route, status }) => `${method} ${route} ${status}`);

const PROBE = 'GET /repos/{owner}/{repo}/issues';

describe('the first read', () => {
  it('brings every issue and the default branch', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 230);
    const snapshot = await aBoard(forge).snapshot(REPO, NOW);
    expect(snapshot).toMatchObject({ read: 'fresh', repo: REPO, defaultBranch: 'main', problem: null });
    expect(numbersOf(snapshot)).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
  });

  it('is not mistaken for an empty repository when a page fails', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 150);
    forge.faults.add({ kind: 'status', status: 502, route: PROBE.slice(4), skip: 1, count: 1 });
    const board = aBoard(forge);
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'failed', readAt: 0, issues: [] });
    expect((await board.snapshot(REPO, NOW)).issues).toHaveLength(150);
  });

  it.each(['invalid-json', 'truncate', 'drop'] as const)('fails on an answer that is cut: %s', async kind => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 3);
    forge.faults.add({ kind, route: PROBE.slice(4), count: 1 });
    const board = aBoard(forge);
    const failed = await board.snapshot(REPO, NOW);
    expect(failed.read).toBe('failed');
    expect(failed.problem).toContain('/repos/acme/app/issues');
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', problem: null });
  });

  it('says missing where there is no repository', async () => {
    const forge = await aForgeWithRepository();
    expect(await aBoard(forge).snapshot('acme/nowhere', NOW)).toMatchObject({ read: 'missing', issues: [] });
  });

  it('says failed, not missing or empty, when the token is refused', async () => {
    const forge = await aForgeWithRepository();
    const snapshot = await aBoard(forge, { token: async () => 'wrong' }).snapshot(REPO, NOW);
    expect(snapshot.read).toBe('failed');
    expect(snapshot.problem).toMatch(/does not accept the token/);
  });

  it('reads an empty repository as empty', async () => {
    const forge = await aForgeWithRepository();
    expect(await aBoard(forge).snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: [] });
  });
});

describe('a refresh', () => {
  it('costs nothing while nothing changes', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 40);
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    forge.requests.clear();
    for (let minute = 0; minute < 10; minute++) {
      clock.advance(5_000);
      await board.snapshot(REPO, NOW);
    }
    expect(asked(forge)).toEqual(Array(10).fill(`${PROBE} 304`));
    expect(forge.requests.cost()).toBe(0);
  });

  it('costs one request for a change', async () => {
    const forge = await aForgeWithRepository();
    for (let second = 0; second < 120; second++) {
      addIssues(forge, 1);
      forge.clock.advance(1_000);
    }
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    await edit(forge, 3, { labels: ['ready-for-agent'] });
    forge.requests.clear();
    const snapshot = await board.snapshot(REPO, NOW);
    expect(snapshot.issues[2]).toMatchObject({ number: 3, labels: ['ready-for-agent'] });
    expect(asked(forge).filter(line => line.startsWith('GET'))).toEqual([`${PROBE} 200`]);
  });

  it('reads on behind the first page when more changed than it shows', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 50);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(60 * MINUTE);
    for (let number = 1; number <= 40; number++) await edit(forge, number, { state: 'closed' });
    const snapshot = await board.snapshot(REPO, NOW);
    expect(snapshot.issues.filter(issue => issue.state === 'closed')).toHaveLength(40);
  });

  it('leaves a file alone when nothing changed, so that nobody is woken', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const snapshotsDir = aSnapshotsDir();
    const board = aBoard(forge, { snapshotsDir });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    const before = identities(snapshotsDir);
    await board.snapshot(REPO, NOW);
    expect(identities(snapshotsDir)).toEqual(before);
    forge.clock.advance(2_000);
    await edit(forge, 1, { title: 'new' });
    await board.snapshot(REPO, NOW);
    expect(identities(snapshotsDir)).not.toEqual(before);
  });

  it('fails as a whole: half of what changed is never shown', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 140);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(60 * MINUTE);
    for (let number = 1; number <= 120; number++) await edit(forge, number, { title: 'new' });
    forge.faults.add({ kind: 'status', status: 500, route: PROBE.slice(4), skip: 2, count: 1 });
    const failed = await board.snapshot(REPO, NOW);
    expect(failed.read).toBe('stale');
    expect(failed.issues.filter(issue => issue.title === 'new')).toEqual([]);
    const mended = await board.snapshot(REPO, NOW);
    expect(mended.issues.filter(issue => issue.title === 'new')).toHaveLength(120);
  });

  it('keeps what is known while GitHub fails, and says stale only after three intervals', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const clock = aClock();
    const log = aLog();
    const board = aBoard(forge, { clock, log });
    await board.snapshot(REPO, NOW);
    const fault = forge.faults.add({ kind: 'status', status: 503 });
    clock.advance(25_000);
    const held = await board.snapshot(REPO, { maxAgeMs: 10_000 });
    expect(held).toMatchObject({ read: 'fresh', problem: expect.stringContaining('503') });
    clock.advance(11_000);
    const stale = await board.snapshot(REPO, { maxAgeMs: 10_000 });
    expect(stale.read).toBe('stale');
    expect(numbersOf(stale)).toEqual([1, 2]);
    expect(log.lines.filter(line => line.startsWith('warn'))).toHaveLength(1);
    fault.remove();
    clock.advance(11_000);
    expect(await board.snapshot(REPO, { maxAgeMs: 10_000 })).toMatchObject({ read: 'fresh', problem: null });
  });

  it('does not ask a GitHub in trouble more often than one that answers', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    forge.faults.add({ kind: 'status', status: 503 });
    for (let call = 0; call < 5; call++) await board.snapshot(REPO, { maxAgeMs: 10_000 });
    expect(forge.requests.count()).toBe(1);
  });

  it('reads at once after the clock jumped ahead, and holds nothing for stale that it can read', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 1);
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.snapshot(REPO, NOW);
    clock.advance(3 * 24 * 60 * MINUTE);
    forge.clock.advance(2_000);
    await edit(forge, 1, { title: 'new' });
    const snapshot = await board.snapshot(REPO, { maxAgeMs: 10_000 });
    expect(snapshot).toMatchObject({ read: 'fresh', issues: [{ title: 'new' }] });
  });

  it('does not take an issue that is gone while it is read for a repository that is', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 1);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    addIssues(forge, 1);
    await edit(forge, 1, { title: 'new' });
    forge.faults.add({ kind: 'status', status: 404, route: PROBE.slice(4), count: 1 });
    expect((await board.snapshot(REPO, NOW)).read).toBe('stale');
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: [{ title: 'new' }, {}] });
  });

  it('says missing of a repository that is gone, and fresh of one that is there again', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    const gone = forge.faults.add({ kind: 'status', status: 404 });
    expect((await board.snapshot(REPO, NOW)).read).toBe('missing');
    gone.remove();
    const back = await board.snapshot(REPO, NOW);
    expect(back).toMatchObject({ read: 'fresh', problem: null });
    expect(numbersOf(back)).toEqual([1, 2]);
  });

  it('believes no reading from the future after the clock was set back', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.snapshot(REPO, NOW);
    clock.advance(-60 * MINUTE);
    forge.requests.clear();
    await board.snapshot(REPO, { maxAgeMs: 10_000 });
    expect(forge.requests.count()).toBeGreaterThan(0);
  });
});

describe('a complete read', () => {
  const cadence = { allMs: 15 * MINUTE, allAtRestMs: 30 * MINUTE };

  it('finds an issue that became visible late, behind the watermark', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 3);
    const clock = aClock();
    const board = aBoard(forge, { clock, cadence });
    const late = forge.faults.add({ kind: 'stale-list', route: PROBE.slice(4) });
    const number = forge.addIssue({ repo: REPO, title: 'late' });
    forge.clock.advance(3 * MINUTE);
    await board.snapshot(REPO, NOW);
    late.remove();
    for (let index = 0; index < 40; index++) forge.addIssue({ repo: REPO, title: 'newer' });
    // The probe shows the forty newer ones only, and the overlap was just read.
    const hidden = forge.faults.add({ kind: 'stale-list', numbers: [number], route: PROBE.slice(4) });
    await board.snapshot(REPO, NOW);
    hidden.remove();
    clock.advance(16 * MINUTE);
    expect(numbersOf(await board.snapshot(REPO, NOW))).toContain(number);
  });

  it('heals a 304 that was wrong', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const clock = aClock();
    const board = aBoard(forge, { clock, cadence });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    forge.faults.add({ kind: 'false-304' });
    forge.clock.advance(2_000);
    await edit(forge, 1, { title: 'new' });
    expect((await board.snapshot(REPO, NOW)).issues[0]?.title).toBe('issue 0');
    clock.advance(31 * MINUTE);
    expect((await board.snapshot(REPO, NOW)).issues[0]?.title).toBe('new');
  });

  it.each([
    ['rare at rest', 0, { early: 0, late: 0 }],
    ['late after a few changes', 1, { early: 0, late: 1 }],
    ['soon after many', 6, { early: 1, late: 0 }],
  ])('is %s', async (_, changes, expected) => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 10);
    const clock = aClock();
    const board = aBoard(forge, { clock, cadence: { ...cadence, allAtRestMs: 300 * MINUTE } });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(MINUTE);
    for (let number = 1; number <= changes; number++) await edit(forge, number, { title: 'new' });
    await board.snapshot(REPO, NOW);
    const completeAfter = async (minutes: number) => {
      clock.advance(minutes * MINUTE);
      forge.requests.clear();
      await board.snapshot(REPO, NOW);
      const lists = forge.requests.all({ route: PROBE.slice(4) });
      return lists.filter(({ path }) => path.includes('per_page=100')).length;
    };
    expect({ early: await completeAfter(16), late: await completeAfter(45) }).toEqual(expected);
  });
});

describe('own writes', () => {
  it('are seen without another request', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    const issue = await board.updateIssue(REPO, 1, { labels: ['agent-working'], state: 'closed' });
    expect(issue).toMatchObject({ labels: ['agent-working'], state: 'closed' });
    forge.requests.clear();
    expect((await board.snapshot(REPO, { maxAgeMs: MINUTE })).issues[0]).toEqual(issue);
    expect(forge.requests.count()).toBe(0);
  });

  it('are not undone by a list that lags a minute behind', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.snapshot(REPO, NOW);
    const stale = forge.faults.add({ kind: 'stale-list' });
    forge.clock.advance(MINUTE);
    await board.updateIssue(REPO, 1, { state: 'closed', stateReason: 'completed' });
    expect((await board.snapshot(REPO, NOW)).issues[0]?.state).toBe('closed');
    // Not even by a complete one.
    clock.advance(7 * 60 * MINUTE);
    await board.updateIssue(REPO, 1, { labels: ['x'] });
    expect((await board.snapshot(REPO, NOW)).issues[0]).toMatchObject({ state: 'closed', labels: ['x'] });
    stale.remove();
    expect((await board.snapshot(REPO, NOW)).issues[0]).toMatchObject({ state: 'closed', labels: ['x'] });
  });

  it('and a change by somebody else in the same second are both seen', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 1);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.set(Math.floor(Date.now() / 1000) * 1000 + 5_000);
    await board.updateIssue(REPO, 1, { labels: ['agent-working'] });
    await edit(forge, 1, { labels: ['agent-working', 'urgent'] }, 'token-bob');
    const [issue] = (await board.snapshot(REPO, NOW)).issues;
    expect(issue?.labels).toEqual(['agent-working', 'urgent']);
  });
});

describe('an issue read by itself', () => {
  it('goes past every cache and into the snapshot', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 1);
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    await edit(forge, 1, { labels: ['x'] });
    expect((await board.issue(REPO, 1)).labels).toEqual(['x']);
    expect((await board.snapshot(REPO, { maxAgeMs: MINUTE })).issues[0]?.labels).toEqual(['x']);
  });

  it('fails where it cannot be read', async () => {
    const forge = await aForgeWithRepository();
    await expect(aBoard(forge).issue(REPO, 99)).rejects.toMatchObject({ code: 'github-refused' });
  });
});

describe('the files', () => {
  it('belong to their owner alone and name no token', async () => {
    const forge = await aForgeWithRepository();
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { snapshotsDir }).snapshot(REPO, NOW);
    const files = readdirSync(snapshotsDir);
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(file).not.toContain('token');
      expect(statSync(join(snapshotsDir, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('are shared: a second process has nothing to ask', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { snapshotsDir }).snapshot(REPO, NOW);
    forge.requests.clear();
    const other = await aBoard(forge, { snapshotsDir }).snapshot(REPO, { maxAgeMs: MINUTE });
    expect(numbersOf(other)).toEqual([1, 2]);
    expect(forge.requests.count()).toBe(0);
  });

  it('are not shared between tokens', async () => {
    const forge = await aForgeWithRepository();
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { snapshotsDir }).snapshot(REPO, NOW);
    forge.requests.clear();
    const bob = aBoard(forge, { snapshotsDir, token: async () => 'token-bob' });
    await bob.snapshot(REPO, { maxAgeMs: MINUTE });
    expect(forge.requests.count({ login: 'bob', route: PROBE.slice(4) })).toBe(1);
  });

  it.each([
    ['garbled', '{"version":1,'],
    ['of another version', '{"version":2}'],
    ['empty', ''],
  ])('are read anew when they are %s', async (_, text) => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { snapshotsDir }).snapshot(REPO, NOW);
    for (const file of readdirSync(snapshotsDir)) writeFileSync(join(snapshotsDir, file), text);
    const snapshot = await aBoard(forge, { snapshotsDir }).snapshot(REPO, { maxAgeMs: MINUTE });
    expect(snapshot).toMatchObject({ read: 'fresh' });
    expect(numbersOf(snapshot)).toEqual([1, 2]);
  });

  it('are not written by a command that only looks', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const snapshotsDir = aSnapshotsDir();
    const board = aBoard(forge, { snapshotsDir, readOnly: true });
    expect(numbersOf(await board.snapshot(REPO, NOW))).toEqual([1, 2]);
    expect(() => readdirSync(snapshotsDir)).toThrow(/ENOENT/);
    expect(() => readdirSync(join(snapshotsDir, '..', 'gates'))).toThrow(/ENOENT/);
  });

  it('may be impossible to write, and the repository is read all the same', async () => {
    const forge = await aForgeWithRepository();
    addIssues(forge, 2);
    const board = aBoard(forge, { snapshotsDir: '/dev/null/snapshots' });
    expect(numbersOf(await board.snapshot(REPO, NOW))).toEqual([1, 2]);
    forge.clock.advance(2_000);
    await edit(forge, 1, { title: 'new' });
    expect((await board.snapshot(REPO, NOW)).issues[0]?.title).toBe('new');
  });
});

function identities(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter(file => !file.endsWith('.read.json'))
    .map(file => `${file} ${statSync(join(directory, file)).ino}`);
}
