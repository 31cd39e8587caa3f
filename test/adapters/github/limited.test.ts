import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../src/forge/index.ts';
import { APP, aForgeWithRepository, octokitOf } from '../../forge/a-forge.ts';
import { aBoard, aClock, aSnapshotsDir, NOW } from './setup.ts';

const REPO = 'acme/app';

describe('a limit of GitHub', () => {
  it.each<FaultEffect>([
    { kind: 'primary-limit', status: 403, resetInSeconds: 120 },
    { kind: 'primary-limit', status: 429, resetInSeconds: 120 },
    { kind: 'secondary-limit', status: 403, retryAfterSeconds: 120 },
    { kind: 'secondary-limit', status: 429, retryAfterSeconds: 120 },
    { kind: 'secondary-limit', status: 403, retryAfterSeconds: null },
    { kind: 'secondary-limit', status: 429, retryAfterSeconds: null },
  ])('stops everything until it ends: %j', async effect => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const clock = aClock();
    const snapshotsDir = aSnapshotsDir();
    const board = aBoard(forge, { clock, snapshotsDir });
    await board.snapshot(REPO, NOW);
    const fault = forge.faults.add(effect);
    const refused = board.updateIssue(REPO, 1, { labels: [] });
    await expect(refused).rejects.toMatchObject({ code: 'github-limited' });
    const held = await board.snapshot(REPO, NOW);
    expect(held).toMatchObject({ read: 'stale', issues: [{ number: 1 }] });
    forge.requests.clear();
    for (const other of [board, aBoard(forge, { clock, snapshotsDir })]) {
      expect((await other.snapshot(REPO, NOW)).problem).toMatch(/used up until/);
      await expect(other.updateIssue(REPO, 1, { labels: [] })).rejects.toMatchObject({
        code: 'github-limited',
      });
    }
    expect(forge.requests.count()).toBe(0);
    fault.remove();
    for (const { advance } of [clock, forge.clock]) advance(125_000);
    expect((await board.snapshot(REPO, NOW)).read).toBe('fresh');
  });

  it('is known in GraphQL by its error, and leaves the rest open', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one', body: 'text' });
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    await board.updateIssue(REPO, 1, { title: 'edited' });
    forge.requests.clear();
    forge.faults.add({ kind: 'primary-limit', status: 403, resetInSeconds: 120, route: '/graphql' });
    const octokit = octokitOf(forge, 'token-bob');
    for (const body of ['one', 'two']) {
      forge.clock.advance(2_000);
      await octokit.rest.issues.update({ ...APP, issue_number: 1, body });
      expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: [{ body }] });
    }
    expect(forge.requests.count({ route: '/graphql', login: 'acme' })).toBe(1);
    await expect(board.issue(REPO, 1)).rejects.toMatchObject({ code: 'github-limited' });
  });

  it('is seen in the last answer before it, so that nothing is refused', async () => {
    const forge = await aForgeWithRepository();
    const board = aBoard(forge);
    await board.login();
    forge.limits.set({ login: 'acme', remaining: 1, resetInSeconds: 600 });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    expect(forge.requests.all().map(({ status }) => status)).toEqual([200, 200]);
  });

  it('wastes no more requests than were on their way', async () => {
    const forge = await aForgeWithRepository();
    const board = aBoard(forge);
    await board.login();
    forge.limits.set({ login: 'acme', remaining: 0, resetInSeconds: 600 });
    forge.requests.clear();
    const refs = Array.from({ length: 50 }, (_, index) => `acme/app#${index + 1}`);
    expect(new Set(Object.values(await board.references(refs)))).toEqual(new Set(['unknown']));
    expect(forge.requests.count()).toBeLessThanOrEqual(8);
  });
});

describe('whose token it is', () => {
  it('is asked once for all processes, and known while GitHub cannot be asked', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const snapshotsDir = aSnapshotsDir();
    const ask = () => aBoard(forge, { clock, snapshotsDir }).login();
    expect([await ask(), await ask()]).toEqual(['acme', 'acme']);
    expect(forge.requests.count()).toBe(1);
    clock.advance(2 * 3_600_000);
    forge.faults.add({ kind: 'status', status: 503, count: 1 });
    expect(await ask()).toBe('acme');
    expect(await ask()).toBe('acme');
    expect(forge.requests.all().map(({ status }) => status)).toEqual([200, 503, 304]);
  });

  it('is nobody who was known once, when the token is refused', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { clock, snapshotsDir }).login();
    clock.advance(2 * 3_600_000);
    forge.revokeToken('token-acme');
    const refused = aBoard(forge, { clock, snapshotsDir }).login();
    await expect(refused).rejects.toMatchObject({ code: 'not-logged-in' });
  });
});

describe('the token', () => {
  it('is asked for again when it is refused in the middle of the work', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const tokens = ['token-acme', 'token-new'];
    let asked = 0;
    const board = aBoard(forge, { token: async () => tokens[Math.min(asked++, 1)] ?? '' });
    await board.snapshot(REPO, NOW);
    forge.addUser({ login: 'acme', token: 'token-new' });
    forge.revokeToken('token-acme');
    await board.updateIssue(REPO, 1, { labels: ['x'] });
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: [{ labels: ['x'] }] });
    expect(asked).toBe(2);
  });

  it('that stays refused is told, and what was known is kept', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.revokeToken('token-acme');
    const held = await board.snapshot(REPO, NOW);
    expect(held).toMatchObject({ read: 'stale', issues: [{ number: 1 }] });
    await expect(board.issue(REPO, 1)).rejects.toMatchObject({ code: 'not-logged-in' });
  });

  it('is never in what went wrong', async () => {
    const forge = await aForgeWithRepository();
    for (const token of ['secret-canary', 'secret-canary\nwith a second line']) {
      const board = aBoard(forge, { token: async () => token });
      const error = await board.issue(REPO, 1).catch((caught: unknown) => caught);
      expect(textOf(error)).toMatch(/not-logged-in/);
      expect(textOf(error)).not.toContain('canary');
    }
  });
});

/** All that a log could print of an error: its own fields, its stack and its causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const fields = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return `${fields} ${error.stack} ${error.cause === undefined ? '' : textOf(error.cause)}`;
}
