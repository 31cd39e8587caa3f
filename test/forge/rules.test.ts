import { expect, test } from 'vitest';
import type { Forge } from '../../src/forge/index.ts';
import { APP, aClone, aForgeWithRepository, commitFile, git, octokitOf, pushBranch } from './a-forge.ts';

interface Rules {
  readonly contexts?: readonly string[];
  readonly strict?: boolean;
  readonly approvals?: number;
}

async function protectMain(forge: Forge, { contexts, strict = false, approvals }: Rules): Promise<void> {
  await octokitOf(forge).rest.repos.updateBranchProtection({
    ...APP,
    branch: 'main',
    required_status_checks: contexts === undefined ? null : { strict, contexts: [...contexts] },
    required_pull_request_reviews:
      approvals === undefined
        ? null
        : { required_approving_review_count: approvals, dismiss_stale_reviews: true },
    enforce_admins: true,
    restrictions: null,
  });
}

async function aPull(forge: Forge, branch = 'work') {
  const clone = await aClone(forge, 'token-bob');
  const head = await pushBranch(clone, branch);
  const { rest } = octokitOf(forge, 'token-bob');
  const { data } = await rest.pulls.create({ ...APP, title: branch, head: branch, base: 'main' });
  const state = async () => (await rest.pulls.get({ ...APP, pull_number: data.number })).data.mergeable_state;
  const merge = () => rest.pulls.merge({ ...APP, pull_number: data.number, merge_method: 'squash' });
  return { rest, clone, head, number: data.number, state, merge };
}

test('merges only when the required status is there and good', async () => {
  const forge = await aForgeWithRepository();
  await protectMain(forge, { contexts: ['ci'] });
  const { rest, head, state, merge } = await aPull(forge);
  const report = (outcome: 'pending' | 'failure' | 'success') =>
    rest.repos.createCommitStatus({ ...APP, sha: head, context: 'ci', state: outcome });

  expect(await state()).toBe('blocked');
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('"ci" is expected'),
  });
  await report('failure');
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('is failing'),
  });
  await report('success');
  expect(await state()).toBe('clean');
  await merge();
});

test('takes a check run for a required status', async () => {
  const forge = await aForgeWithRepository();
  await protectMain(forge, { contexts: ['lint'] });
  const { rest, head, state, merge } = await aPull(forge);
  const run = await rest.checks.create({ ...APP, name: 'lint', head_sha: head, status: 'in_progress' });
  expect(await state()).toBe('blocked');
  await rest.checks.update({ ...APP, check_run_id: run.data.id, conclusion: 'success' });
  await merge();
});

test('wants the head to be up to date where the rule is strict', async () => {
  const forge = await aForgeWithRepository();
  const other = await aPull(forge, 'other');
  const pull = await aPull(forge);
  await other.merge();
  await protectMain(forge, { contexts: ['ci'], strict: true });
  await pull.rest.repos.createCommitStatus({ ...APP, sha: pull.head, context: 'ci', state: 'success' });
  expect(await pull.state()).toBe('behind');
  await expect(pull.merge()).rejects.toMatchObject({ status: 405 });
});

test('wants an approval by somebody else, which a push takes back', async () => {
  const forge = await aForgeWithRepository();
  await protectMain(forge, { approvals: 1 });
  const { rest, clone, number, state, merge } = await aPull(forge);
  const approve = (token: string) =>
    octokitOf(forge, token).rest.pulls.createReview({ ...APP, pull_number: number, event: 'APPROVE' });

  await expect(approve('token-bob')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('approve your own pull request'),
  });
  await approve('token-eve');
  expect(await state()).toBe('blocked');
  await approve('token-acme');
  expect(await state()).toBe('clean');
  await commitFile(clone, 'more', 'more');
  await git(clone, 'push', '--quiet', 'origin', 'work');
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('approving review'),
  });
  expect(
    (await rest.pulls.listReviews({ ...APP, pull_number: number })).data.map(review => review.state),
  ).toEqual(['DISMISSED', 'DISMISSED']);
});

test('refuses pushes to a protected branch, alone and in an atomic push', async () => {
  const forge = await aForgeWithRepository();
  await protectMain(forge, { contexts: ['ci'] });
  const { rest, clone, head } = await aPull(forge);
  const push = (...args: string[]) =>
    git(clone, 'push', 'origin', ...args).then(
      () => 'taken',
      (error: { stderr: string }) => error.stderr,
    );
  expect(await push('work:main')).toMatch(/GH006: Protected branch update failed[\s\S]*"ci" is expected/);
  expect(await push('--atomic', 'work:main', 'work:other')).toContain('rejected');
  expect(await git(clone, 'ls-remote', 'origin', 'refs/heads/other')).toBe('');
  expect(await push(':main')).toContain('rejected');
  await rest.repos.createCommitStatus({ ...APP, sha: head, context: 'ci', state: 'success' });
  expect(await push('work:main')).toBe('taken');

  await commitFile(clone, 'rewritten', 'x');
  await git(clone, 'commit', '--quiet', '--amend', '-m', 'Rewritten');
  await git(clone, 'reset', '--quiet', '--hard', 'HEAD~2');
  await protectMain(forge, {});
  expect(await push('--force', 'HEAD:main')).toContain('Cannot force-push');
  await expect(
    rest.git.updateRef({
      ...APP,
      ref: 'heads/main',
      sha: await git(clone, 'rev-parse', 'HEAD'),
      force: true,
    }),
  ).rejects.toMatchObject({ status: 422 });
});

test('lets an administrator pass where the rules are not enforced for him', async () => {
  const forge = await aForgeWithRepository();
  await octokitOf(forge).rest.repos.updateBranchProtection({
    ...APP,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['ci'] },
    required_pull_request_reviews: null,
    enforce_admins: false,
    restrictions: null,
  });
  const { number, merge } = await aPull(forge);
  await expect(merge()).rejects.toMatchObject({ status: 405 });
  await octokitOf(forge).rest.pulls.merge({ ...APP, pull_number: number });
});

test('deletes the head branch after a merge only where the repository says so', async () => {
  const forge = await aForgeWithRepository();
  const kept = await aPull(forge, 'kept');
  await kept.merge();
  await octokitOf(forge).rest.repos.update({ ...APP, delete_branch_on_merge: true });
  const deleted = await aPull(forge, 'deleted');
  await deleted.merge();
  const branches = await kept.rest.repos.listBranches(APP);
  expect(branches.data.map(({ name }) => name)).toEqual(['kept', 'main']);
});

test('refuses a method that the repository does not allow, and a draft', async () => {
  const forge = await aForgeWithRepository();
  await octokitOf(forge).rest.repos.update({ ...APP, allow_squash_merge: false });
  const { rest, clone, merge } = await aPull(forge);
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('not allowed'),
  });
  await pushBranch(clone, 'draft');
  await rest.pulls.create({ ...APP, title: 'D', head: 'draft', base: 'main', draft: true });
  await expect(rest.pulls.merge({ ...APP, pull_number: 2 })).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('draft'),
  });
});
