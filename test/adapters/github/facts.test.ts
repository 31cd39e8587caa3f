import { describe, expect, it } from 'vitest';
import { planLine } from '../../../src/core/plan-line.ts';
import { sha256 } from '../../../src/leases/digest.ts';
import {
  APP,
  aClone,
  aForge,
  aForgeWithRepository,
  commitFile,
  git,
  octokitOf,
  pushBranch,
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

  it('is where the branches of its issues stand, and no others', async () => {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    const clone = await aClone(forge);
    const head = await pushBranch(clone, 'issue/7');
    await pushBranch(clone, 'feature');
    expect((await board.snapshot(REPO, NOW)).branches).toEqual([{ name: 'issue/7', head }]);
    clock.advance(61_000);
    forge.requests.clear();
    expect((await board.snapshot(REPO, NOW)).branches).toHaveLength(1);
    const asked = forge.requests.all({ route: '/repos/{owner}/{repo}/git/matching-refs/{ref}' });
    expect(asked.map(({ status }) => status)).toEqual([304]);
    await git(clone, 'push', '--quiet', 'origin', ':issue/7');
    clock.advance(61_000);
    expect((await board.snapshot(REPO, NOW)).branches).toEqual([]);
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

  it('is which plan it is, and the specification as it is', async () => {
    const forge = await aForge();
    await forge.addRepository({
      owner: 'acme',
      name: 'app',
      files: {
        'PLAN.md': `${planLine({ id: 'abc', specHash: null })}\n\n# plan\n`,
        'docs/spec.md': 'Build it.',
      },
    });
    const read = (spec: string) => aBoard(forge, { planned: true, spec }).snapshot(REPO, NOW);
    expect(await read('docs/spec.md')).toMatchObject({ planId: 'abc', specHash: sha256('Build it.') });
    expect(await read('')).toMatchObject({ planId: 'abc', specHash: null });
    expect(await read('missing.md')).toMatchObject({ specHash: null, read: 'fresh' });
  });

  it('is the plan of the branch that work lands on', async () => {
    const forge = await aForgeWithRepository();
    const clone = await aClone(forge);
    await git(clone, 'checkout', '--quiet', '-b', 'develop');
    await commitFile(clone, 'PLAN.md', '# plan');
    await git(clone, 'push', '--quiet', 'origin', 'develop');
    const read = (base: string) => aBoard(forge, { planned: true, base }).snapshot(REPO, NOW);
    expect((await read('develop')).plan.exists).toBe(true);
    expect((await read('')).plan.exists).toBe(false);
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

describe('what a snapshot knows of a pull request that is being landed', () => {
  /** A repository whose default branch takes nothing without a review, and two pull requests. */
  async function aLanding() {
    const forge = await aForgeWithRepository();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    const clone = await aClone(forge);
    const octokit = octokitOf(forge);
    const sha = await pushBranch(clone, 'issue/7');
    await pushBranch(clone, 'feature');
    for (const head of ['issue/7', 'feature']) {
      await octokit.rest.pulls.create({ ...APP, title: head, head, base: 'main' });
    }
    const look = async () => {
      clock.advance(16_000);
      forge.clock.advance(16_000);
      return (await board.snapshot(REPO, NOW)).pulls[0];
    };
    return { forge, clone, octokit, sha, board, look };
  }

  it('is how its checks stand', async () => {
    const { octokit, sha, look } = await aLanding();
    expect(await look()).toMatchObject({ head: 'issue/7', checks: 'unknown' });
    for (const [state, checks] of [
      ['pending', 'pending'],
      ['success', 'pass'],
    ] as const) {
      await octokit.rest.repos.createCommitStatus({ ...APP, sha, state, context: 'ci' });
      expect((await look())?.checks).toBe(checks);
    }
  });

  it('leads to what the checks that failed say', async () => {
    const { octokit, sha, board, look } = await aLanding();
    expect((await board.snapshot(REPO, NOW)).hasChecks).toBe(false);
    const failure = { ...APP, sha, state: 'failure', context: 'lint', description: 'two warnings' } as const;
    await octokit.rest.repos.createCommitStatus({ ...failure, target_url: 'https://ci.example/1' });
    await octokit.rest.repos.createCommitStatus({ ...APP, sha, state: 'success', context: 'docs' });
    expect((await look())?.checks).toBe('fail');
    expect(await board.failedChecks(REPO, sha)).toEqual([
      { name: 'lint', summary: 'two warnings', url: 'https://ci.example/1', log: null },
    ]);
  });

  it('leads to the end of the log of a job of GitHub Actions, where the token may read it', async () => {
    const { forge, octokit, sha, board } = await aLanding();
    const stamp = '2026-01-01T00:00:00.1234567Z';
    await octokit.rest.checks.create({
      ...APP,
      name: 'test',
      head_sha: sha,
      conclusion: 'failure',
      details_url: 'https://github.com/acme/app/actions/runs/7/job/8',
      output: {
        title: 'Failed',
        summary: '',
        text: `${'x'.repeat(9_000)}\n${stamp} expected 1\n${stamp} got 2\n`,
      },
    });
    const [check] = await board.failedChecks(REPO, sha);
    expect(check).toMatchObject({ name: 'test', log: expect.stringMatching(/^x+\nexpected 1\ngot 2$/) });
    expect(check?.log).toHaveLength(6_000);

    forge.faults.add({
      kind: 'status',
      status: 403,
      route: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    });
    expect(await board.failedChecks(REPO, sha)).toMatchObject([
      { name: 'test', summary: 'Failed', log: null },
    ]);
  });

  it('is nothing of an earlier head', async () => {
    const { clone, octokit, sha, look } = await aLanding();
    await octokit.rest.repos.createCommitStatus({ ...APP, sha, state: 'success', context: 'ci' });
    expect((await look())?.checks).toBe('pass');
    await git(clone, 'checkout', '--quiet', 'issue/7');
    await commitFile(clone, 'more.txt', 'more');
    await git(clone, 'push', '--quiet', 'origin', 'issue/7');
    expect((await look())?.checks).toBe('unknown');
  });

  it('is what its reviewers said', async () => {
    const { octokit, forge, board, look } = await aLanding();
    expect((await look())?.review).toBe('none');
    await octokit.rest.repos.updateBranchProtection({
      ...APP,
      branch: 'main',
      required_status_checks: null,
      enforce_admins: true,
      restrictions: null,
      required_pull_request_reviews: { required_approving_review_count: 1 },
    });
    await octokit.rest.issues.update({ ...APP, issue_number: 1, title: 'touched' });
    expect((await look())?.review).toBe('required');
    const bob = octokitOf(forge, 'token-bob');
    for (const [event, review] of [
      ['REQUEST_CHANGES', 'changes_requested'],
      ['APPROVE', 'approved'],
    ] as const) {
      await bob.rest.pulls.createReview({ ...APP, pull_number: 1, event, body: 'so' });
      const pull = await look();
      expect(pull?.review).toBe(review);
      const { reviews } = await board.snapshot(REPO, NOW);
      expect(reviews[1]).toEqual([{ by: 'bob', sha: pull?.headSha, verdict: review, body: 'so' }]);
    }
  });

  it('costs nothing while nothing changes, and is not asked of other pull requests', async () => {
    const { forge, look } = await aLanding();
    await look();
    await look();
    forge.requests.clear();
    await look();
    const asked = forge.requests.all();
    expect(asked.filter(({ status }) => status !== 304)).toEqual([]);
    expect(asked.filter(({ path }) => path.includes('/commits/') && !path.includes('/main/'))).toHaveLength(
      2,
    );
  });

  it('is asked no more once it has landed', async () => {
    const { forge, sha, board, look } = await aLanding();
    await look();
    await board.mergePull(REPO, 1, { sha, method: 'squash', title: 't', message: 'm' });
    await look();
    forge.requests.clear();
    await look();
    expect(forge.requests.all().filter(({ path }) => path.includes(sha))).toEqual([]);
  });

  it('stays as it was while it cannot be read, and the issues are readable', async () => {
    const { forge, octokit, sha, board, look } = await aLanding();
    await octokit.rest.repos.createCommitStatus({ ...APP, sha, state: 'success', context: 'ci' });
    await look();
    await octokit.rest.issues.update({ ...APP, issue_number: 1, title: 'touched' });
    for (const route of ['/graphql', '/repos/{owner}/{repo}/commits/{ref}/status']) {
      forge.faults.add({ kind: 'status', status: 502, route });
    }
    expect((await look())?.checks).toBe('pass');
    expect((await board.snapshot(REPO, NOW)).read).toBe('fresh');
  });
});
