import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Forge } from '../../../src/forge/index.ts';
import type { PullDraft } from '../../../src/ports.ts';
import { APP, aClone, aForgeWithRepository, git, octokitOf, pushBranch } from '../../forge/a-forge.ts';
import { aBoard, aClock, afterwards, aSnapshotsDir, LOST, NOW } from './setup.ts';

const REPO = 'acme/app';

const commentsOf = async (forge: Forge) =>
  (await octokitOf(forge).rest.issues.listComments({ ...APP, issue_number: 1 })).data;

const pullsOf = async (forge: Forge) =>
  (await octokitOf(forge).rest.pulls.list({ ...APP, state: 'all' })).data;

const draft: PullDraft = {
  head: 'issue/1',
  sha: '',
  base: 'main',
  title: 'One',
  body: 'Closes #1',
  isFirst: false,
};

describe('a comment', () => {
  const put = { key: 'status', body: 'working' };

  async function anIssue(): Promise<Forge> {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    return forge;
  }

  it('is created once and edited in place from then on', async () => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.putComment(REPO, 1, put);
    await board.putComment(REPO, 1, { key: 'status', body: 'landed' });
    await aBoard(forge).putComment(REPO, 1, { key: 'status', body: 'closed' });
    expect((await commentsOf(forge)).map(comment => comment.body)).toEqual([
      '<!-- harness:status -->\nclosed',
    ]);
  });

  it('is not sent again while it says the same', async () => {
    const forge = await anIssue();
    await aBoard(forge).putComment(REPO, 1, put);
    const board = aBoard(forge);
    await board.putComment(REPO, 1, put);
    forge.requests.clear();
    await board.putComment(REPO, 1, put);
    expect(forge.requests.count()).toBe(0);
    expect(await commentsOf(forge)).toHaveLength(1);
  });

  it.each(LOST)('is never there twice: $kind', async effect => {
    const forge = await anIssue();
    forge.faults.add({ ...effect, method: 'POST', count: 1 });
    await aBoard(forge).putComment(REPO, 1, put);
    expect(await commentsOf(forge)).toHaveLength(1);
  });

  it.each(LOST)('is edited although the answer is lost: $kind', async effect => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.putComment(REPO, 1, put);
    forge.faults.add({ ...effect, method: 'PATCH', count: 1 });
    await board.putComment(REPO, 1, { key: 'status', body: 'landed' });
    expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nlanded']);
  });

  it('is never there twice when two are put at once', async () => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await Promise.all(['working', 'landed'].map(body => board.putComment(REPO, 1, { ...put, body })));
    expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nlanded']);
  });

  it('is not looked for on an issue that was just read and has none, and still never there twice', async () => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.login();
    await board.issue(REPO, 1);
    forge.requests.clear();
    await board.putComment(REPO, 1, put);
    expect(forge.requests.all().map(({ method }) => method)).toEqual(['POST']);
    await board.issue(REPO, 1);
    await board.putComment(REPO, 1, { key: 'status', body: 'landed' });
    expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nlanded']);
  });

  it.each(['reads the issue again', 'goes on without a look, later'])(
    'is never there twice when another host was at the issue since it had none, and this one %s',
    async how => {
      const forge = await anIssue();
      const clock = aClock();
      const here = aBoard(forge, { clock });
      await here.issue(REPO, 1);
      await aBoard(forge).putComment(REPO, 1, put);
      if (how === 'reads the issue again') await here.issue(REPO, 1);
      else clock.advance(90_000);
      await here.putComment(REPO, 1, { key: 'status', body: 'landed' });
      expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nlanded']);
    },
  );

  it.each(LOST)('is never there twice on an issue that had none: $kind', async effect => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.issue(REPO, 1);
    forge.faults.add({ ...effect, method: 'POST', count: 1 });
    await board.putComment(REPO, 1, put);
    expect(await commentsOf(forge)).toHaveLength(1);
  });

  it('is never there twice when another process does not see it in the list yet', async () => {
    const forge = await anIssue();
    const snapshotsDir = aSnapshotsDir();
    const clock = aClock();
    const lagging = forge.faults.add({ kind: 'stale-list' });
    await aBoard(forge, { snapshotsDir, clock }).putComment(REPO, 1, put);
    await aBoard(forge, { snapshotsDir, clock }).putComment(REPO, 1, { key: 'status', body: 'landed' });
    lagging.remove();
    clock.advance(3_600_000);
    await aBoard(forge, { snapshotsDir, clock }).putComment(REPO, 1, { key: 'status', body: 'closed' });
    expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nclosed']);
  });

  it('is known once all comments were read, which costs nothing where there are none', async () => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.login();
    await board.issue(REPO, 1);
    forge.requests.clear();
    expect(await board.comments(REPO, 1)).toEqual([]);
    expect(forge.requests.count()).toBe(0);
    const bob = octokitOf(forge, 'token-bob');
    await bob.rest.issues.createComment({ ...APP, issue_number: 1, body: 'Use the blue one.' });
    await aBoard(forge).putComment(REPO, 1, put);

    const next = aBoard(forge);
    await next.login();
    await next.issue(REPO, 1);
    forge.requests.clear();
    expect(await next.comments(REPO, 1)).toMatchObject([
      { author: 'bob', body: 'Use the blue one.', createdAt: expect.any(String) },
      { author: 'acme', body: '<!-- harness:status -->\nworking' },
    ]);
    await next.putComment(REPO, 1, { key: 'status', body: 'landed' });
    expect(forge.requests.all().map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  it('is found behind a hundred others', async () => {
    const forge = await anIssue();
    const octokit = octokitOf(forge, 'token-bob');
    for (let index = 0; index < 100; index++) {
      await octokit.rest.issues.createComment({ ...APP, issue_number: 1, body: 'me too' });
    }
    await aBoard(forge).putComment(REPO, 1, put);
    await aBoard(forge).putComment(REPO, 1, { ...put, body: 'landed' });
    const own = (
      await octokit.paginate(octokit.rest.issues.listComments, { ...APP, issue_number: 1 })
    ).filter(comment => comment.user?.login === 'acme');
    expect(own.map(comment => comment.body)).toEqual(['<!-- harness:status -->\nlanded']);
  });

  it('is never another person’s, nor one of ours that only quotes the marker', async () => {
    const forge = await anIssue();
    const body = '<!-- harness:status -->\nforged';
    await octokitOf(forge, 'token-bob').rest.issues.createComment({ ...APP, issue_number: 1, body });
    await octokitOf(forge).rest.issues.createComment({ ...APP, issue_number: 1, body: `> ${body}` });
    await aBoard(forge).putComment(REPO, 1, put);
    const comments = await commentsOf(forge);
    expect(comments).toHaveLength(3);
    expect(comments[0]?.body).toBe(body);
    expect(comments[2]?.body).toBe('<!-- harness:status -->\nworking');
  });

  it('comes back when somebody deleted it', async () => {
    const forge = await anIssue();
    const board = aBoard(forge);
    await board.putComment(REPO, 1, put);
    const [comment] = await commentsOf(forge);
    await octokitOf(forge).rest.issues.deleteComment({ ...APP, comment_id: comment?.id ?? 0 });
    await board.putComment(REPO, 1, { ...put, body: 'landed' });
    expect((await commentsOf(forge)).map(({ body }) => body)).toEqual(['<!-- harness:status -->\nlanded']);
  });

  it('is cut to what GitHub takes, between two characters', async () => {
    const forge = await anIssue();
    await aBoard(forge).putComment(REPO, 1, { ...put, body: '🙂'.repeat(70_000) });
    const body = (await commentsOf(forge))[0]?.body ?? '';
    expect(Array.from(body)).toHaveLength(65_536);
    expect(body).toMatch(/🙂\n\n_Cut to the size/u);
  });
});

describe('an issue', () => {
  it.each(LOST)('is changed although the answer is lost: $kind', async effect => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one', labels: ['ready-for-agent'] });
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.faults.add({ ...effect, method: 'PATCH', count: 1 });
    const change = { labels: ['agent-working'], state: 'closed', stateReason: 'completed' } as const;
    const issue = await board.updateIssue(REPO, 1, change);
    expect(issue).toMatchObject(change);
    expect((await board.snapshot(REPO, NOW)).issues[0]).toMatchObject(change);
  });

  it.each(['drop', 'drop-after-effect'] as const)(
    'keeps what a person did while an answer was lost: %s',
    async kind => {
      const forge = await aForgeWithRepository();
      forge.addIssue({ repo: REPO, title: 'one', labels: ['ready-for-agent'] });
      const board = aBoard(forge);
      await board.snapshot(REPO, NOW);
      const lost = forge.faults.add({ kind, method: 'PATCH', count: 1 });
      // The first request after it is the look.
      forge.faults.add({
        kind: 'ask',
        method: 'GET',
        count: 1,
        ask: async () => {
          expect(lost.hits()).toBe(1);
          await octokitOf(forge, 'token-bob').rest.issues.addLabels({
            ...APP,
            issue_number: 1,
            labels: ['discuss'],
          });
          return 'go-on';
        },
      });
      const labels = ['agent-working', 'ready-for-agent'];
      await expect(board.updateIssue(REPO, 1, { labels })).rejects.toMatchObject({
        code: 'github-unreachable',
      });
      expect((await board.issue(REPO, 1)).labels).toContain('discuss');
    },
  );

  it('is not closed again when a person has opened it while the answer was lost', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    const bob = octokitOf(forge, 'token-bob').rest.issues;
    forge.faults.add({ kind: 'drop-after-effect', method: 'PATCH', count: 1 });
    forge.faults.add({
      kind: 'ask',
      method: 'GET',
      count: 1,
      ask: async () => {
        await bob.update({ ...APP, issue_number: 1, state: 'open' });
        return 'go-on';
      },
    });
    const closing = board.updateIssue(REPO, 1, { state: 'closed', stateReason: 'completed' });
    await expect(closing).rejects.toMatchObject({ code: 'github-unreachable' });
    expect(await board.issue(REPO, 1)).toMatchObject({ state: 'open', stateReason: 'reopened' });
  });

  it('is not changed in the repository that it was moved to', async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(307, { location: '/repositories/9/issues/1' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterwards(() => server.close());
    const { port } = server.address() as AddressInfo;
    const moved = aBoard({ apiUrl: `http://127.0.0.1:${port}` }).updateIssue(REPO, 1, { state: 'closed' });
    await expect(moved).rejects.toMatchObject({ code: 'github-refused' });
    expect(seen).toEqual(['PATCH /repos/acme/app/issues/1']);
  });

  it('gets all that changes in one request', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one', labels: ['a', 'b'] });
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    forge.requests.clear();
    await board.updateIssue(REPO, 1, { labels: ['c'], state: 'closed', stateReason: 'not_planned' });
    expect(forge.requests.all().map(({ method }) => method)).toEqual(['PATCH']);
  });
});

describe('opening a pull request', () => {
  async function aBranch(): Promise<{ forge: Forge; sha: string }> {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    return { forge, sha: await pushBranch(await aClone(forge), draft.head) };
  }

  it('names the branch, the base and the issues that it closes', async () => {
    const { forge, sha } = await aBranch();
    const board = aBoard(forge);
    await board.snapshot(REPO, NOW);
    const pull = await board.openPull(REPO, draft);
    expect(pull).toMatchObject({ head: 'issue/1', headSha: sha, base: 'main', state: 'open', closes: [1] });
    expect(await board.pullsOf(REPO, 'issue/1')).toEqual([pull]);
    expect(await board.pullsOf(REPO, 'issue/2')).toEqual([]);
    const seen = (await board.snapshot(REPO, { maxAgeMs: 60_000 })).pulls;
    expect(seen).toEqual([expect.objectContaining({ number: pull.number, head: 'issue/1', headSha: sha })]);
  });

  it('takes the one that is open, and brings its text up to date', async () => {
    const { forge } = await aBranch();
    const first = await aBoard(forge).openPull(REPO, draft);
    const again = await aBoard(forge).openPull(REPO, { ...draft, title: 'Two', body: 'Closes #1 too' });
    expect(again.number).toBe(first.number);
    expect(await pullsOf(forge)).toMatchObject([{ title: 'Two', body: 'Closes #1 too' }]);
  });

  it.each(LOST)('never opens two: $kind', async effect => {
    const { forge } = await aBranch();
    forge.faults.add({ ...effect, method: 'POST', count: 1 });
    await aBoard(forge).openPull(REPO, draft);
    expect(await pullsOf(forge)).toHaveLength(1);
  });

  it.each(LOST)('never opens two after it has seen that there is none: $kind', async effect => {
    const { forge } = await aBranch();
    const board = aBoard(forge);
    await board.pullsOf(REPO, draft.head);
    forge.faults.add({ ...effect, method: 'POST', count: 1 });
    await board.openPull(REPO, draft);
    expect(await pullsOf(forge)).toHaveLength(1);
  });

  it.each(LOST)('never opens two where nothing was published before: $kind', async effect => {
    const { forge } = await aBranch();
    forge.faults.add({ ...effect, method: 'POST', count: 1 });
    await aBoard(forge).openPull(REPO, { ...draft, isFirst: true });
    expect(await pullsOf(forge)).toHaveLength(1);
  });

  it('takes one request after it has seen that there is none, and finds what was opened since', async () => {
    const { forge } = await aBranch();
    const [board, late] = [aBoard(forge), aBoard(forge)];
    for (const each of [board, late]) await each.pullsOf(REPO, draft.head);
    forge.requests.clear();
    const { number } = await board.openPull(REPO, draft);
    expect(forge.requests.all().map(({ method }) => method)).toEqual(['POST']);
    expect((await late.openPull(REPO, { ...draft, title: 'Two' })).number).toBe(number);
    expect(await pullsOf(forge)).toMatchObject([{ title: 'Two' }]);
  });

  it.each(LOST)('brings its text up to date although the answer is lost: $kind', async effect => {
    const { forge } = await aBranch();
    await aBoard(forge).openPull(REPO, draft);
    forge.faults.add({ ...effect, method: 'PATCH', count: 1 });
    await aBoard(forge).openPull(REPO, { ...draft, title: 'Two' });
    expect(await pullsOf(forge)).toMatchObject([{ title: 'Two', body: 'Closes #1' }]);
  });

  it('takes the one that somebody opened in between', async () => {
    const { forge } = await aBranch();
    const first = await aBoard(forge).openPull(REPO, draft);
    const hidden = { kind: 'stale-list', numbers: [first.number] } as const;
    forge.faults.clear();
    // The list does not show it yet, and GitHub refuses a second one.
    const octokit = octokitOf(forge);
    await octokit.rest.pulls.update({ ...APP, pull_number: first.number, state: 'closed' });
    const fault = forge.faults.add({ ...hidden, route: '/repos/{owner}/{repo}/pulls', count: 1 });
    await octokit.rest.pulls.update({ ...APP, pull_number: first.number, state: 'open' });
    expect((await aBoard(forge).openPull(REPO, draft)).number).toBe(first.number);
    expect(fault.hits()).toBe(1);
  });

  const merge = (sha: string) => ({ sha, method: 'squash', title: 'By hand', message: '' }) as const;

  it('takes the one that somebody has merged at the head since, and opens no second one for it', async () => {
    const { forge, sha } = await aBranch();
    const { number } = await aBoard(forge).openPull(REPO, draft);
    await aBoard(forge).mergePull(REPO, number, merge(sha));
    const found = await aBoard(forge).openPull(REPO, { ...draft, sha, title: 'Two' });
    expect(found).toMatchObject({ number, merged: true, headSha: sha });
    expect(await pullsOf(forge)).toMatchObject([{ title: 'One' }]);
  });

  it('says why GitHub refuses', async () => {
    const { forge } = await aBranch();
    const refused = aBoard(forge).openPull(REPO, { ...draft, head: 'no-such-branch' });
    await expect(refused).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringMatching(/422/),
    });
  });
});

describe('merging a pull request', () => {
  const request = (sha: string) =>
    ({ sha, method: 'squash', title: 'One (#2)', message: 'Closes #1' }) as const;

  async function aPull() {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: REPO, title: 'one' });
    const sha = await pushBranch(await aClone(forge), draft.head);
    const board = aBoard(forge);
    const { number } = await board.openPull(REPO, draft);
    return { forge, board, number, sha };
  }

  const logOfMain = async (forge: Forge) =>
    (await git(await aClone(forge), 'log', '--format=%H', 'main')).trim().split('\n');

  it('answers with the commit that it became', async () => {
    const { forge, board, number, sha } = await aPull();
    const result = await board.mergePull(REPO, number, request(sha));
    const [commit] = await logOfMain(forge);
    expect(result).toEqual({ kind: 'merged', commit });
    const [pull] = await board.pullsOf(REPO, 'issue/1');
    expect(pull).toMatchObject({ merged: true, mergeCommit: commit });
  });

  it.each(LOST)('merges once and finds the commit: $kind', async effect => {
    const { forge, board, number, sha } = await aPull();
    forge.faults.add({ ...effect, method: 'PUT', count: 1 });
    const before = await logOfMain(forge);
    const result = await board.mergePull(REPO, number, request(sha));
    const after = await logOfMain(forge);
    expect(result).toEqual({ kind: 'merged', commit: after[0] });
    expect(after.slice(1)).toEqual(before);
  });

  it('is seen in the snapshot, also within the second in which it was opened', async () => {
    const { forge, board, number, sha } = await aPull();
    forge.clock.set(Math.floor(Date.now() / 1000) * 1000 + 5_000);
    await board.openPull(REPO, { ...draft, body: 'Closes #1 now' });
    await board.snapshot(REPO, NOW);
    await board.mergePull(REPO, number, request(sha));
    const { pulls } = await board.snapshot(REPO, NOW);
    expect(pulls).toMatchObject([{ number, state: 'closed', merged: true, head: 'issue/1' }]);
  });

  it('that is merged already is merged', async () => {
    const { forge, board, number, sha } = await aPull();
    await board.mergePull(REPO, number, request(sha));
    const again = await board.mergePull(REPO, number, request(sha));
    expect(again).toEqual({ kind: 'merged', commit: (await logOfMain(forge))[0] });
  });

  it('stops when somebody pushed to the branch', async () => {
    const { board, number } = await aPull();
    const result = await board.mergePull(REPO, number, request('0'.repeat(40)));
    expect(result).toEqual({ kind: 'head-moved' });
  });

  it('does not pass off a merge of another head as ours', async () => {
    const { board, number, sha } = await aPull();
    await board.mergePull(REPO, number, request(sha));
    expect(await board.mergePull(REPO, number, request('0'.repeat(40)))).toEqual({ kind: 'head-moved' });
  });

  it('tells the reason when GitHub refuses', async () => {
    const { board, number, sha } = await aPull();
    await board.closePull(REPO, number);
    const result = await board.mergePull(REPO, number, request(sha));
    expect(result).toEqual({ kind: 'refused', reason: expect.stringMatching(/\w+/) });
  });

  it('tells of a merge that the token may not do, as of any other that is refused', async () => {
    const { forge, board, number, sha } = await aPull();
    const message = 'Resource not accessible by personal access token';
    forge.faults.add({ kind: 'status', status: 403, method: 'PUT', count: 1, message });
    expect(await board.mergePull(REPO, number, request(sha))).toEqual({ kind: 'refused', reason: message });
  });

  it('tells all reasons of a refusal that has several', async () => {
    const { forge, board, number, sha } = await aPull();
    const message = 'Repository rule violations found\n\nRequired status check "build" is expected.\n\n';
    forge.faults.add({ kind: 'status', status: 405, method: 'PUT', count: 1, message });
    expect(await board.mergePull(REPO, number, request(sha))).toEqual({
      kind: 'refused',
      reason: 'Repository rule violations found; Required status check "build" is expected.',
    });
  });

  it('fails, and does not guess, while GitHub cannot be reached', async () => {
    const { forge, board, number, sha } = await aPull();
    forge.faults.add({ kind: 'drop' });
    await expect(board.mergePull(REPO, number, request(sha))).rejects.toMatchObject({
      code: 'github-unreachable',
    });
  });
});

describe('closing a pull request', () => {
  it.each(LOST)('is done although the answer is lost: $kind', async effect => {
    const forge = await aForgeWithRepository();
    await pushBranch(await aClone(forge), draft.head);
    const board = aBoard(forge);
    const { number } = await board.openPull(REPO, draft);
    forge.faults.add({ ...effect, method: 'PATCH', count: 1 });
    await board.closePull(REPO, number);
    expect(await pullsOf(forge)).toMatchObject([{ state: 'closed' }]);
  });

  it('can be done twice', async () => {
    const forge = await aForgeWithRepository();
    await pushBranch(await aClone(forge), draft.head);
    const board = aBoard(forge);
    const { number } = await board.openPull(REPO, draft);
    await board.closePull(REPO, number);
    await board.closePull(REPO, number);
    expect(await pullsOf(forge)).toMatchObject([{ state: 'closed' }]);
  });
});
