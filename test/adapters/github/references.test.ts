import { describe, expect, it } from 'vitest';
import { APP, aClone, aForgeWithRepository, octokitOf, pushBranch } from '../../forge/a-forge.ts';
import { aBoard, aClock, aSnapshotsDir, NOW } from './setup.ts';

describe('references', () => {
  it('tell how each issue and pull request stands', async () => {
    const forge = await aForgeWithRepository();
    const octokit = octokitOf(forge);
    for (const title of ['open', 'closed', 'not planned', 'duplicate']) {
      forge.addIssue({ repo: 'acme/app', title });
    }
    const close = (issue_number: number, state_reason: 'completed' | 'not_planned' | 'duplicate') =>
      octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
        ...APP,
        issue_number,
        state: 'closed',
        state_reason: state_reason as 'completed',
      });
    await close(2, 'completed');
    await close(3, 'not_planned');
    await close(4, 'duplicate');
    const board = aBoard(forge);
    for (const [index, head] of ['merged', 'given-up'].entries()) {
      const sha = await pushBranch(await aClone(forge), head);
      await board.openPull('acme/app', { head, sha, base: 'main', title: head, body: '', isFirst: true });
      if (index === 0) {
        await board.mergePull('acme/app', 5, { sha, method: 'squash', title: 'x', message: 'x' });
      }
    }
    await board.closePull('acme/app', 6);
    const refs = [1, 2, 3, 4, 5, 6, 99].map(number => `acme/app#${number}`);
    expect(await board.references([...refs, 'acme/nowhere#1', 'not a reference'])).toEqual({
      'acme/app#1': 'open',
      'acme/app#2': 'closed',
      'acme/app#3': 'not_planned',
      'acme/app#4': 'duplicate',
      'acme/app#5': 'merged',
      'acme/app#6': 'not_planned',
      'acme/app#99': 'missing',
      'acme/nowhere#1': 'missing',
      'not a reference': 'unknown',
    });
  });

  it('are unknown, never satisfied or missing, when they cannot be read', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    forge.faults.add({ kind: 'status', status: 500 });
    expect(await aBoard(forge).references(['acme/app#1'])).toEqual({ 'acme/app#1': 'unknown' });
  });

  it('are asked once a minute, and then for free while nothing changes', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    const clock = aClock();
    const board = aBoard(forge, { clock });
    await board.references(['acme/app#1']);
    await board.references(['ACME/app#1']);
    expect(forge.requests.count()).toBe(1);
    clock.advance(61_000);
    expect(await board.references(['acme/app#1'])).toEqual({ 'acme/app#1': 'open' });
    expect(forge.requests.all().map(({ status }) => status)).toEqual([200, 304]);
  });

  it('cost nothing in a repository that this host has just read', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    const snapshotsDir = aSnapshotsDir();
    await aBoard(forge, { snapshotsDir }).snapshot('acme/app', NOW);
    forge.requests.clear();
    const board = aBoard(forge, { snapshotsDir });
    expect(await board.references(['acme/app#1'])).toEqual({ 'acme/app#1': 'open' });
    expect(forge.requests.count()).toBe(0);
  });
});
