import { describe, expect, it } from 'vitest';
import {
  APP,
  aClone,
  aForge,
  aForgeWithRepository,
  commitFile,
  git,
  octokitOf,
} from '../../forge/a-forge.ts';
import { aBoard, aClock, NOW } from './setup.ts';

const REPO = 'acme/app';

describe('what a snapshot knows of an issue beside its text', () => {
  it('is who edited its text last; a label is no edit', async () => {
    const forge = await aForgeWithRepository();
    for (const title of ['edited', 'labelled'])
      forge.addIssue({ repo: REPO, title, body: 'text', author: 'acme' });
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    const bob = octokitOf(forge, 'token-bob');
    await bob.rest.issues.update({ ...APP, issue_number: 1, body: 'do something else' });
    await bob.rest.issues.update({ ...APP, issue_number: 2, labels: ['x'] });
    forge.requests.clear();
    const { issues } = await board.snapshot(REPO, NOW);
    expect(issues.map(({ lastEditor }) => lastEditor)).toEqual(['bob', null]);
    expect(forge.requests.count({ method: 'POST' })).toBe(1);
    expect((await board.issue(REPO, 1)).lastEditor).toBe('bob');
  });

  it('is what it waits for and what it is part of', async () => {
    const forge = await aForgeWithRepository();
    await forge.addRepository({ owner: 'acme', name: 'lib' });
    for (const title of ['parent', 'child', 'blocker']) forge.addIssue({ repo: REPO, title });
    forge.addIssue({ repo: 'acme/lib', title: 'blocker elsewhere' });
    const octokit = octokitOf(forge);
    const idOf = async (repo: string, issue_number: number) =>
      (await octokit.rest.issues.get({ owner: 'acme', repo, issue_number })).data.id;
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.clock.advance(2_000);
    const child = { ...APP, issue_number: 2 };
    for (const issue_id of [await idOf('app', 3), await idOf('lib', 1)]) {
      await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by', {
        ...child,
        issue_id,
      });
    }
    const sub_issue_id = await idOf('app', 2);
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', {
      ...APP,
      issue_number: 1,
      sub_issue_id,
    });
    const facts = { blockedBy: ['acme/app#3', 'acme/lib#1'], parent: 'acme/app#1' };
    expect((await board.snapshot(REPO, NOW)).issues[1]).toMatchObject(facts);
    expect(await board.issue(REPO, 2)).toMatchObject(facts);
    expect(await board.updateIssue(REPO, 2, { labels: ['x'] })).toMatchObject(facts);
  });
});

describe('what a snapshot knows of a repository beside its issues', () => {
  it('is how the checks of its default branch stand', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    const octokit = octokitOf(forge);
    const { sha } = (await octokit.rest.repos.getCommit({ ...APP, ref: 'main' })).data;
    expect((await board.snapshot(REPO, NOW)).ci).toBe('unknown');
    for (const [state, ci] of [
      ['failure', 'fail'],
      ['success', 'pass'],
    ] as const) {
      await octokit.rest.repos.createCommitStatus({ ...APP, sha, state, context: 'ci' });
      clock.advance(61_000);
      expect((await board.snapshot(REPO, NOW)).ci).toBe(ci);
    }
  });

  it('is its plan, where plans matter', async () => {
    const forge = await aForge();
    await forge.addRepository({
      owner: 'acme',
      name: 'app',
      files: { 'PLAN.md': '# plan\n', 'docs/harness/plan-complete.json': '{"spec_hash":"abc"}' },
    });
    const plan = { exists: true, markerHash: 'abc', prds: [] };
    expect((await aBoard(forge, { planned: true }).snapshot(REPO, NOW)).plan).toEqual(plan);
    const none = { exists: false, markerHash: null, prds: [] };
    expect((await aBoard(forge).snapshot(REPO, NOW)).plan).toEqual(none);
  });

  it('is a plan that is read again only when the branch has moved', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { planned: true, clock });
    await board.snapshot(REPO, NOW);
    await board.snapshot(REPO, NOW);
    forge.requests.clear();
    clock.advance(61_000);
    await board.snapshot(REPO, NOW);
    expect(forge.requests.cost()).toBe(0);
    const clone = await aClone(forge);
    await commitFile(clone, 'PLAN.md', '# plan');
    await git(clone, 'push', '--quiet', 'origin', 'main');
    clock.advance(61_000);
    expect((await board.snapshot(REPO, NOW)).plan.exists).toBe(true);
  });

  it('is no plan, and no reason to fail, where there is none', async () => {
    const forge = await aForgeWithRepository();
    const { plan, read } = await aBoard(forge, { planned: true }).snapshot(REPO, NOW);
    expect({ plan, read }).toEqual({ plan: { exists: false, markerHash: null, prds: [] }, read: 'fresh' });
  });
});
