import { describe, expect, it } from 'vitest';
import { APP, aClone, aForgeWithRepository, octokitOf, pushBranch } from '../../forge/a-forge.ts';
import { aBoard, aClock, LOST, NOW } from './setup.ts';

const REPO = 'acme/app';

/** A forge whose `main` is merged into by a queue that wants the check `build`. */
async function aQueuedForge() {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  await rest.repos.updateBranchProtection({
    ...APP,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['build'] },
    required_pull_request_reviews: null,
    enforce_admins: true,
    restrictions: null,
  });
  const addQueue = async () => {
    await rest.repos.createRepoRuleset({
      ...APP,
      name: 'queue',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/main'], exclude: [] } },
      rules: [{ type: 'merge_queue' }],
    });
  };
  return { forge, rest, addQueue };
}

/** The same with a pull request of an issue's branch, whose own check has passed. */
async function aPull() {
  const { forge, rest, addQueue } = await aQueuedForge();
  await addQueue();
  const sha = await pushBranch(await aClone(forge, 'token-acme'), 'issue/7');
  const { data } = await rest.pulls.create({ ...APP, title: 'T', head: 'issue/7', base: 'main' });
  const report = (state: 'success' | 'failure', of = sha) =>
    rest.repos.createCommitStatus({ ...APP, sha: of, context: 'build', state });
  await report('success');
  const clock = aClock();
  const board = aBoard(forge, { clock });
  return { forge, board, clock, number: data.number, sha, report };
}

describe('the rules of the branch that work lands on', () => {
  it('are in the snapshot, for free while they are the same', async () => {
    const { forge, addQueue } = await aQueuedForge();
    const clock = aClock();
    const board = aBoard(forge, { clock });
    expect((await board.snapshot(REPO, NOW)).rules).toEqual({
      signatures: false,
      linear: false,
      queue: false,
      pulls: false,
      methods: ['squash', 'merge', 'rebase'],
    });
    clock.advance(61_000);
    forge.requests.clear();
    await board.snapshot(REPO, NOW);
    const route = '/repos/{owner}/{repo}/rules/branches/{branch}';
    expect([forge.requests.count({ route }), forge.requests.cost({ route })]).toEqual([1, 0]);
    expect(forge.requests.count({ route: '/graphql' })).toBe(0);

    await addQueue();
    clock.advance(61_000);
    expect((await board.snapshot(REPO, NOW)).rules?.queue).toBe(true);
  });

  it('are not known, and cost nothing more, where the token may not see them', async () => {
    const { forge } = await aQueuedForge();
    forge.faults.add({
      kind: 'status',
      status: 403,
      method: 'GET',
      route: '/repos/{owner}/{repo}/rules/branches/{branch}',
    });
    const clock = aClock();
    const board = aBoard(forge, { clock });
    expect((await board.snapshot(REPO, NOW)).rules?.queue).toBe(false);
    clock.advance(61_000);
    forge.requests.clear();
    await board.snapshot(REPO, NOW);
    expect(forge.requests.all().filter(({ route }) => route.includes('rules'))).toEqual([]);
  });
});

describe('a merge queue', () => {
  it('shows where a pull request is in it, and how it left it', async () => {
    const { forge, board, clock, number, sha, report } = await aPull();
    await board.snapshot(REPO, NOW);
    expect(await board.queueSight(REPO, number)).toEqual({ position: null, left: null });
    expect(await board.enqueuePull(REPO, number, sha)).toEqual({ kind: 'queued', position: 1 });
    expect((await board.snapshot(REPO, { maxAgeMs: 60_000 })).queued).toEqual({ [number]: 1 });

    const group = (
      await octokitOf(forge).rest.git.listMatchingRefs({ ...APP, ref: 'heads/gh-readonly-queue/' })
    ).data;
    const commit = group[0]?.object.sha ?? '';
    await report('failure', commit);
    const { position, left } = await board.queueSight(REPO, number);
    expect({ position, left }).toMatchObject({
      position: null,
      left: { reason: 'failed_checks', isByPerson: false, commit },
    });
    clock.advance(61_000);
    expect((await board.snapshot(REPO, NOW)).queued).toEqual({});
  });

  it('takes no other head than the one that is meant, and tells why it takes none', async () => {
    const { board, number, sha, report } = await aPull();
    expect(await board.enqueuePull(REPO, number, '0'.repeat(40))).toEqual({ kind: 'head-moved' });
    await report('failure');
    expect(await board.enqueuePull(REPO, number, sha)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('"build" is failing'),
    });
  });

  it('says who took a pull request out; taking out what is not in it is fine', async () => {
    const { forge, board, number, sha } = await aPull();
    await board.enqueuePull(REPO, number, sha);
    await aBoard(forge, { token: async () => 'token-bob' }).dequeuePull(REPO, number);
    const { left } = await board.queueSight(REPO, number);
    expect(left).toMatchObject({ reason: 'manual', by: 'bob', isByPerson: true });
    await board.dequeuePull(REPO, number);
  });

  it.each(LOST)('takes it once when the answer is lost: $kind', async fault => {
    const { forge, board, number, sha } = await aPull();
    // The look comes first, then the mutation.
    const lost = forge.faults.add({ ...fault, route: '/graphql', skip: 1, count: 1 });
    expect(await board.enqueuePull(REPO, number, sha)).toEqual({ kind: 'queued', position: 1 });
    expect(lost.hits()).toBe(1);
    expect((await board.queueSight(REPO, number)).position).toBe(1);
  });
});
