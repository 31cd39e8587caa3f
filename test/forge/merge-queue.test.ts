import { expect, test } from 'vitest';
import type { Forge } from '../../src/forge/index.ts';
import { startForge } from '../../src/forge/index.ts';
import {
  APP,
  aClone,
  aForgeWithRepository,
  commitFile,
  git,
  octokitOf,
  pushBranch,
  USERS,
} from './a-forge.ts';

/** The forge's usual repository, whose `main` is merged into by a queue that wants the check `build`. */
async function aQueuedForge({ checks = ['build'] }: { readonly checks?: readonly string[] } = {}) {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  if (checks.length > 0) {
    await rest.repos.updateBranchProtection({
      ...APP,
      branch: 'main',
      required_status_checks: { strict: false, contexts: [...checks] },
      required_pull_request_reviews: null,
      enforce_admins: true,
      restrictions: null,
    });
  }
  const { data } = await rest.repos.createRepoRuleset({
    ...APP,
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [{ type: 'merge_queue', parameters: QUEUE }],
  });
  return { forge, clone: await aClone(forge, 'token-bob'), ruleset: data.id };
}

const QUEUE = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'SQUASH',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
} as const;

interface Seen {
  readonly id: string;
  readonly state: string;
  readonly isInMergeQueue: boolean;
  readonly mergeQueueEntry: {
    readonly position: number;
    readonly headCommit: { readonly oid: string };
  } | null;
  readonly timelineItems: {
    readonly nodes: readonly { readonly reason: string; readonly actor: { login: string } }[];
  };
}

/** A pull request of bob's whose own check has passed, and what can be done with it. */
async function aPull(forge: Forge, clone: string, branch: string, file?: { path: string; text: string }) {
  const head = await pushBranch(clone, branch, file);
  const octokit = octokitOf(forge, 'token-bob');
  const { data } = await octokit.rest.pulls.create({ ...APP, title: branch, head: branch, base: 'main' });
  const report = (sha: string, state: 'success' | 'failure') =>
    octokit.rest.repos.createCommitStatus({ ...APP, sha, context: 'build', state });
  await report(head, 'success');
  const look = async () => {
    const { repository } = await octokit.graphql<{ repository: { pullRequest: Seen } }>(LOOK, {
      number: data.number,
    });
    return repository.pullRequest;
  };
  const { id } = await look();
  const enqueue = (expectedHeadOid = head) =>
    octokit.graphql(
      'mutation($id: ID!, $oid: GitObjectID) { enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $oid }) { mergeQueueEntry { position } } }',
      { id, oid: expectedHeadOid },
    );
  const dequeue = () =>
    octokit.graphql('mutation($id: ID!) { dequeuePullRequest(input: { id: $id }) { clientMutationId } }', {
      id,
    });
  const reportOnGroup = async (state: 'success' | 'failure') =>
    report((await look()).mergeQueueEntry?.headCommit.oid ?? '', state);
  const merge = () => octokit.rest.pulls.merge({ ...APP, pull_number: data.number, merge_method: 'squash' });
  return { head, look, enqueue, dequeue, reportOnGroup, merge };
}

const LOOK = `query($number: Int!) { repository(owner: "acme", name: "app") { pullRequest(number: $number) {
  id state isInMergeQueue
  mergeQueueEntry { position headCommit { oid } }
  timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) {
    nodes { ... on RemovedFromMergeQueueEvent { reason actor { login } } }
  }
} } }`;

const main = async (clone: string) => {
  await git(clone, 'fetch', '--quiet', 'origin', 'main');
  return git(clone, 'ls-tree', '-r', '--name-only', 'FETCH_HEAD');
};

test('merges by the queue alone what its ruleset is for', async () => {
  const { forge, clone, ruleset } = await aQueuedForge();
  const pull = await aPull(forge, clone, 'work');
  await expect(pull.merge()).rejects.toMatchObject({ status: 405, message: /merge queue/ });
  await git(clone, 'checkout', '--quiet', '-B', 'push', 'origin/main');
  await commitFile(clone, 'pushed.txt', 'x');
  await expect(git(clone, 'push', 'origin', 'HEAD:main')).rejects.toThrow(/merge queue/);

  await octokitOf(forge).request('DELETE /repos/{owner}/{repo}/rulesets/{ruleset_id}', {
    ...APP,
    ruleset_id: ruleset,
  });
  await pull.merge();
});

test('merges in order, each one with those before it, once the check of that merge has passed', async () => {
  const { forge, clone } = await aQueuedForge();
  const [one, two] = [await aPull(forge, clone, 'one'), await aPull(forge, clone, 'two')];
  await one.enqueue();
  await two.enqueue();
  expect((await two.look()).mergeQueueEntry).toMatchObject({ position: 2 });

  await two.reportOnGroup('success');
  expect((await two.look()).state).toBe('OPEN');
  await one.reportOnGroup('success');
  for (const pull of [one, two]) {
    const { state, isInMergeQueue, timelineItems } = await pull.look();
    expect({ state, isInMergeQueue, why: timelineItems.nodes[0]?.reason }).toEqual({
      state: 'MERGED',
      isInMergeQueue: false,
      why: 'merged',
    });
  }
  expect(await main(clone)).toContain('one.txt');
  expect(await git(clone, 'ls-remote', 'origin', 'refs/heads/gh-readonly-queue/*')).toBe('');
});

test('lets one go whose check fails, and builds those behind it anew', async () => {
  const { forge, clone } = await aQueuedForge();
  const [bad, good] = [await aPull(forge, clone, 'bad'), await aPull(forge, clone, 'good')];
  await bad.enqueue();
  await good.enqueue();
  await bad.reportOnGroup('failure');
  const { state, isInMergeQueue, timelineItems } = await bad.look();
  expect({ state, isInMergeQueue }).toEqual({ state: 'OPEN', isInMergeQueue: false });
  expect(timelineItems.nodes[0]).toMatchObject({ reason: 'failed_checks', actor: { login: /merge-queue/ } });

  await good.reportOnGroup('success');
  expect((await good.look()).state).toBe('MERGED');
  expect(await main(clone)).not.toContain('bad.txt');
});

test('lets go what conflicts with one before it, what is pushed to, and what a person takes out', async () => {
  const { forge, clone } = await aQueuedForge();
  const file = (text: string) => ({ path: 'src/a.txt', text });
  const [one, other] = [
    await aPull(forge, clone, 'one', file('1')),
    await aPull(forge, clone, 'other', file('2')),
  ];
  const reason = async (pull: typeof one) => (await pull.look()).timelineItems.nodes[0]?.reason;
  await one.enqueue();
  await other.enqueue();
  expect(await reason(other)).toBe('merge_conflict');
  await one.dequeue();
  expect(await reason(one)).toBe('manual');
  await expect(one.dequeue()).rejects.toThrow(/Failed to remove/);

  await other.enqueue();
  await git(clone, 'checkout', '--quiet', 'other');
  await commitFile(clone, 'more.txt', 'x');
  await git(clone, 'push', '--quiet', 'origin', 'other');
  expect(await reason(other)).toBe('dequeued');
});

test('takes nothing into the queue that is there, that has another head, or whose own check is missing', async () => {
  const { forge, clone } = await aQueuedForge();
  const pull = await aPull(forge, clone, 'work');
  await expect(pull.enqueue('0'.repeat(40))).rejects.toThrow(/head/);
  await pull.enqueue();
  await expect(pull.enqueue()).rejects.toThrow('Pull request is already in the queue');
  const unchecked = await aQueuedForge({ checks: ['other'] });
  const waiting = await aPull(unchecked.forge, unchecked.clone, 'work');
  await expect(waiting.enqueue()).rejects.toThrow(/"other" is expected/);
});

test('goes on with its queue after a restart', async () => {
  const { forge, clone } = await aQueuedForge();
  const pull = await aPull(forge, clone, 'work');
  await pull.enqueue();
  const group = (await pull.look()).mergeQueueEntry?.headCommit.oid ?? '';
  await forge.close();
  const again = await startForge({ root: forge.root, users: USERS });
  try {
    const { rest } = octokitOf(again, 'token-bob');
    await rest.repos.createCommitStatus({ ...APP, sha: group, context: 'build', state: 'success' });
    expect((await rest.pulls.get({ ...APP, pull_number: 1 })).data.merged).toBe(true);
  } finally {
    await again.close();
  }
});
