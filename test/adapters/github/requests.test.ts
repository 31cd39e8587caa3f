import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBoard, aClock, NOW } from './setup.ts';

/** Where GitHub's pacing does not apply, so that only what is sent is under test. */
const API = 'http://127.0.0.1:9';
const REPO = 'acme/app';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.abortPendingRequests();
  nock.cleanAll();
  nock.enableNetConnect();
});

const anIssue = (number: number, change: object = {}) => ({
  number,
  title: `issue ${number}`,
  state: 'open',
  labels: [{ name: 'ready-for-agent' }],
  body: null,
  user: { login: 'acme' },
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  ...change,
});

const aPull = (number: number, change: object = {}) => ({
  number,
  title: 'One',
  body: 'Closes #1',
  state: 'open',
  merged_at: null,
  merge_commit_sha: null,
  updated_at: '2026-01-01T00:00:00Z',
  head: { ref: 'issue/1', sha: 'abc', repo: { full_name: REPO } },
  base: { ref: 'main', repo: { full_name: REPO } },
  ...change,
});

const LIST = { state: 'all', sort: 'updated', direction: 'desc' };

const HEAD = 'c'.repeat(40);

/** The requests beside the list of a first read. */
function interceptRepository(scope: nock.Scope): nock.Scope {
  return scope
    .get(`/repos/${REPO}`)
    .reply(200, { default_branch: 'main' }, { etag: 'W/"repo"' })
    .get(`/repos/${REPO}/commits/main/status`)
    .query({ per_page: 100 })
    .reply(200, { sha: HEAD, state: 'success', total_count: 1 }, { etag: '"status"' })
    .get(`/repos/${REPO}/commits/main/check-runs`)
    .query({ per_page: 100 })
    .reply(200, { check_runs: [{ status: 'completed', conclusion: 'skipped' }] }, { etag: '"runs"' });
}

describe('every request', () => {
  it('names itself, its version of the API and its token', async () => {
    const scope = nock(API, {
      reqheaders: {
        authorization: 'Bearer token-acme',
        accept: 'application/vnd.github.v3+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': value => /^harness /.test(value) && !/curl|wget|safari|firefox/i.test(value),
      },
    })
      .get('/user')
      .reply(200, { login: 'acme' });
    expect(await aBoard({ apiUrl: API }).login()).toBe('acme');
    scope.done();
  });

  it('goes below the path of a GitHub Enterprise Server, GraphQL beside it', async () => {
    const edited = anIssue(1, { updated_at: '2026-01-02T00:00:00Z' });
    const scope = nock(API)
      .get(`/api/v3/repos/${REPO}/issues/1`)
      .reply(200, edited)
      .post('/api/graphql')
      .reply(200, {
        data: { repository: { i1: { number: 1, lastEditedAt: '2026-01-02', editor: { login: 'eve' } } } },
      });
    const issue = await aBoard({ apiUrl: `${API}/api/v3/` }).issue(REPO, 1);
    expect(issue.lastEditor).toBe('eve');
    scope.done();
  });
});

describe('reading a repository', () => {
  it('follows the links of the list at first, and asks with its ETags from then on', async () => {
    const scope = interceptRepository(nock(API))
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 100 })
      .reply(200, [anIssue(3), anIssue(2)], {
        etag: '"all"',
        link: `<${API}/repos/${REPO}/issues?after=xyz&page=2>; rel="next"`,
      })
      .get(`/repos/${REPO}/issues`)
      .query({ after: 'xyz', page: 2 })
      .reply(200, [anIssue(1)]);
    const unconditional = nock(API, { badheaders: ['if-none-match'] })
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 30 })
      .reply(200, [anIssue(3), anIssue(2), anIssue(1)], { etag: 'W/"probe"' });
    const board = aBoard({ apiUrl: API });
    const first = await board.snapshot(REPO, NOW);
    expect(first.issues.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(first.ci).toBe('pass');
    await board.snapshot(REPO, NOW);
    unconditional.done();
    scope
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 30 })
      .matchHeader('if-none-match', 'W/"probe"')
      .reply(304);
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: first.issues });
    scope.done();
  });

  it('sends its token nowhere but to the API, wherever a link points', async () => {
    nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { default_branch: 'main' })
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 100 })
      .reply(200, [anIssue(1)], { link: '<http://127.0.0.2:9/steal?page=2>; rel="next"' });
    const thief = nock('http://127.0.0.2:9').get('/steal').query(true).reply(200, []);
    expect((await aBoard({ apiUrl: API }).snapshot(REPO, NOW)).read).toBe('failed');
    expect(thief.isDone()).toBe(false);
  });

  it('does not read the same page for ever', async () => {
    const link = `<${API}/repos/${REPO}/issues?page=2>; rel="next"`;
    nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { default_branch: 'main' })
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .times(3)
      .reply(200, [anIssue(1)], { link });
    expect((await aBoard({ apiUrl: API }).snapshot(REPO, NOW)).read).toBe('failed');
  });

  it('keeps pull requests apart from issues', async () => {
    const scope = interceptRepository(nock(API))
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [
        anIssue(4, { state: 'closed', pull_request: { merged_at: '2026-01-01T00:00:00Z' } }),
        anIssue(2, { pull_request: { merged_at: null } }),
        anIssue(1),
      ])
      .get(`/repos/${REPO}/pulls/2`)
      .reply(200, aPull(2));
    const { issues, pulls } = await aBoard({ apiUrl: API }).snapshot(REPO, NOW);
    expect(issues.map(({ number }) => number)).toEqual([1]);
    expect(pulls).toMatchObject([
      { number: 2, head: 'issue/1', headSha: 'abc', state: 'open', closes: [1] },
      { number: 4, head: '', state: 'closed', merged: true },
    ]);
    scope.done();
  });

  it('asks for the blockers of an issue that has any, once until it changes', async () => {
    const blocked = anIssue(1, { issue_dependencies_summary: { total_blocked_by: 2 } });
    const scope = interceptRepository(nock(API))
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 100 })
      .reply(200, [blocked])
      .get(`/repos/${REPO}/issues/1/dependencies/blocked_by`)
      .query({ per_page: 100 })
      .reply(200, [
        { number: 3, html_url: 'https://github.com/acme/app/issues/3' },
        { number: 9, html_url: 'https://github.com/other/lib/issues/9' },
      ])
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 30 })
      .reply(200, [blocked]);
    const board = aBoard({ apiUrl: API });
    await board.snapshot(REPO, NOW);
    const [issue] = (await board.snapshot(REPO, NOW)).issues;
    expect(issue?.blockedBy).toEqual(['acme/app#3', 'other/lib#9']);
    scope.done();
  });

  it('fails where the blockers of an issue cannot be read: it may have some', async () => {
    nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { default_branch: 'main' })
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [anIssue(1, { issue_dependencies_summary: { total_blocked_by: 1 } })])
      .get(`/repos/${REPO}/issues/1/dependencies/blocked_by`)
      .query(true)
      .reply(500);
    expect((await aBoard({ apiUrl: API }).snapshot(REPO, NOW)).read).toBe('failed');
  });
});

describe('the last editor', () => {
  const edited = (number: number) => anIssue(number, { updated_at: '2026-01-02T00:00:00Z', body: 'text' });
  const list = (scope: nock.Scope, rows: object[], perPage = 100) =>
    scope
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: perPage })
      .reply(200, rows);
  const editorOf = (number: number, login: string | null) => ({
    [`i${number}`]: {
      number,
      lastEditedAt: '2026-01-02T00:00:00Z',
      editor: login === null ? null : { login },
    },
  });

  it('is asked in one query, and only for open issues that may have been edited', async () => {
    const queries: string[] = [];
    const scope = list(interceptRepository(nock(API)), [
      edited(1),
      edited(2),
      anIssue(3),
      { ...edited(4), state: 'closed' },
    ])
      .post('/graphql', body => queries.push(body.query) > 0)
      .reply(200, { data: { repository: { ...editorOf(1, 'eve'), ...editorOf(2, null) } } });
    const { issues } = await aBoard({ apiUrl: API }).snapshot(REPO, NOW);
    expect(issues.map(({ lastEditor }) => lastEditor)).toEqual(['eve', 'ghost', null, null]);
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatch(/i1:.*i2:/s);
    expect(queries[0]).not.toMatch(/i3:|i4:/);
    scope.done();
  });

  it('is not asked again while the body stays as it is', async () => {
    const scope = list(interceptRepository(nock(API)), [edited(1)])
      .post('/graphql')
      .reply(200, { data: { repository: editorOf(1, 'eve') } });
    list(scope, [{ ...edited(1), updated_at: '2026-01-03T00:00:00Z', labels: ['x'] }], 30);
    const board = aBoard({ apiUrl: API });
    await board.snapshot(REPO, NOW);
    const [issue] = (await board.snapshot(REPO, NOW)).issues;
    expect(issue).toMatchObject({ lastEditor: 'eve', labels: ['x'] });
    scope.done();
  });

  it('is asked at the next refresh where it could not be told, while the issues are readable', async () => {
    const scope = list(interceptRepository(nock(API)), [edited(1)])
      .post('/graphql')
      .reply(502)
      .get(`/repos/${REPO}/issues`)
      .query({ ...LIST, per_page: 30 })
      .reply(200, [edited(1)])
      .post('/graphql')
      .reply(200, { data: { repository: editorOf(1, 'eve') } });
    const board = aBoard({ apiUrl: API });
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', issues: [{ lastEditor: null }] });
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ issues: [{ lastEditor: 'eve' }] });
    scope.done();
  });

  it('must be known of an issue that is read by itself', async () => {
    nock(API).get(`/repos/${REPO}/issues/1`).reply(200, edited(1)).post('/graphql').reply(502);
    await expect(aBoard({ apiUrl: API }).issue(REPO, 1)).rejects.toMatchObject({
      code: 'github-unreachable',
    });
  });

  it('is nobody on an API without GraphQL', async () => {
    nock(API).get(`/repos/${REPO}/issues/1`).reply(200, edited(1)).post('/graphql').reply(404);
    expect((await aBoard({ apiUrl: API }).issue(REPO, 1)).lastEditor).toBeNull();
  });

  it('is us after we wrote the body', async () => {
    const scope = list(interceptRepository(nock(API)), [anIssue(1)])
      .patch(`/repos/${REPO}/issues/1`, { body: 'ours' })
      .reply(200, anIssue(1, { body: 'ours', updated_at: '2026-01-02T00:00:00Z' }))
      .get('/user')
      .reply(200, { login: 'acme' });
    const board = aBoard({ apiUrl: API });
    await board.snapshot(REPO, NOW);
    expect((await board.updateIssue(REPO, 1, { body: 'ours' })).lastEditor).toBe('acme');
    scope.done();
  });
});

describe('the checks of the default branch', () => {
  const readCi = async (status: object, runs: object[]) => {
    nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { default_branch: 'trunk/1' })
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [])
      .get(`/repos/${REPO}/commits/trunk%2F1/status`)
      .query(true)
      .reply(200, { sha: HEAD, ...status })
      .get(`/repos/${REPO}/commits/trunk%2F1/check-runs`)
      .query(true)
      .reply(200, { check_runs: runs });
    return (await aBoard({ apiUrl: API }).snapshot(REPO, NOW)).ci;
  };
  const none = { state: 'pending', total_count: 0 };
  const done = (conclusion: string) => ({ status: 'completed', conclusion });

  it.each([
    ['nothing', none, [], 'unknown'],
    ['a status that succeeded', { state: 'success', total_count: 1 }, [], 'pass'],
    ['a status that failed', { state: 'failure', total_count: 2 }, [done('success')], 'fail'],
    ['runs that passed or were skipped', none, [done('success'), done('skipped'), done('neutral')], 'pass'],
    ['a run that was cancelled', none, [done('success'), done('cancelled')], 'fail'],
    ['a run that still goes on', none, [done('success'), { status: 'in_progress' }], 'unknown'],
    ['a failure beside a run that goes on', none, [{ status: 'queued' }, done('failure')], 'fail'],
  ])('from %s', async (_, status, runs, ci) => {
    expect(await readCi(status, runs)).toBe(ci);
  });

  it('are unknown, and no reason to fail, where the token may not see them', async () => {
    const scope = nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { default_branch: 'main' })
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [])
      .get(/\/commits\/main\//)
      .query(true)
      .times(2)
      .reply(403, { message: 'Resource not accessible by personal access token' });
    expect(await aBoard({ apiUrl: API }).snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', ci: 'unknown' });
    scope.done();
  });

  it('are not asked every minute where the token may not see them', async () => {
    const clock = aClock();
    const list = (scope: nock.Scope) => scope.get(`/repos/${REPO}/issues`).query(true).reply(200, []);
    list(nock(API).get(`/repos/${REPO}`).reply(200, { default_branch: 'main' }))
      .get(/\/commits\/main\//)
      .query(true)
      .times(2)
      .reply(403)
      .get(/\/matching-refs\/heads\/issue\/$/)
      .query(true)
      .times(2)
      .reply(200, [])
      .get(/\/rules\/branches\/main$/)
      .reply(403)
      .post('/graphql')
      .reply(200, { data: { repository: null } });
    const board = aBoard({ apiUrl: API }, { clock });
    await board.snapshot(REPO, NOW);
    list(nock(API));
    clock.advance(61_000);
    expect(await board.snapshot(REPO, NOW)).toMatchObject({ read: 'fresh', problem: null });
    expect(board.stats().all.requests).toBe(9);
  });

  it('are asked again a minute later, for free while they are the same', async () => {
    const clock = aClock();
    const scope = interceptRepository(nock(API))
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [], { etag: '"all"' });
    const board = aBoard({ apiUrl: API }, { clock });
    await board.snapshot(REPO, NOW);
    scope
      .get(`/repos/${REPO}/issues`)
      .query(true)
      .reply(200, [])
      .get(`/repos/${REPO}/commits/main/status`)
      .query(true)
      .matchHeader('if-none-match', '"status"')
      .reply(304)
      .get(`/repos/${REPO}/commits/main/check-runs`)
      .query(true)
      .matchHeader('if-none-match', '"runs"')
      .reply(304);
    clock.advance(61_000);
    expect((await board.snapshot(REPO, NOW)).ci).toBe('pass');
    scope.done();
  });
});

describe('writing', () => {
  it('changes an issue with one PATCH that names only what changes', async () => {
    const scope = nock(API)
      .patch(`/repos/${REPO}/issues/1`, { labels: ['x'], state: 'closed', state_reason: 'not_planned' })
      .reply(200, anIssue(1, { state: 'closed' }));
    await aBoard({ apiUrl: API }).updateIssue(REPO, 1, {
      labels: ['x'],
      state: 'closed',
      stateReason: 'not_planned',
    });
    scope.done();
  });

  it('merges with the head that was verified and the message of the engine', async () => {
    const scope = nock(API)
      .put(`/repos/${REPO}/pulls/2/merge`, {
        sha: 'abc',
        merge_method: 'squash',
        commit_title: 'One (#2)',
        commit_message: 'Closes #1',
      })
      .reply(200, { merged: true, sha: 'def' });
    const merge = { sha: 'abc', method: 'squash', title: 'One (#2)', message: 'Closes #1' } as const;
    const result = await aBoard({ apiUrl: API }).mergePull(REPO, 2, merge);
    expect(result).toEqual({ kind: 'merged', commit: 'def' });
    scope.done();
  });

  it('merges again when GitHub had not seen the newest push yet', async () => {
    const merge = { sha: 'abc', method: 'squash', title: 'One (#2)', message: 'Closes #1' } as const;
    const scope = nock(API)
      .put(`/repos/${REPO}/pulls/2/merge`)
      .reply(409, { message: 'Head branch was modified. Review and try the merge again.' })
      .get(`/repos/${REPO}/pulls/2`)
      .reply(200, aPull(2))
      .put(`/repos/${REPO}/pulls/2/merge`)
      .reply(200, { merged: true, sha: 'def' });
    const result = await aBoard({ apiUrl: API }).mergePull(REPO, 2, merge);
    expect(result).toEqual({ kind: 'merged', commit: 'def' });
    scope.done();
  });

  it('looks for the branch of this very repository', async () => {
    const query = { head: 'acme:issue/1', state: 'all', sort: 'created', direction: 'desc', per_page: 100 };
    const fork = { ref: 'issue/1', sha: 'bad', repo: { full_name: 'eve/app' } };
    nock(API)
      .get(`/repos/${REPO}/pulls`)
      .query(query)
      .reply(200, [aPull(3, { head: fork }), aPull(2)]);
    const pulls = await aBoard({ apiUrl: API }).pullsOf(REPO, 'issue/1');
    expect(pulls.map(({ number }) => number)).toEqual([2]);
  });

  it('names the permission that a token lacks', async () => {
    nock(API)
      .patch(`/repos/${REPO}/issues/1`)
      .reply(
        403,
        { message: 'Resource not accessible' },
        { 'x-accepted-github-permissions': 'issues=write' },
      );
    const refused = aBoard({ apiUrl: API }).updateIssue(REPO, 1, { labels: [] });
    await expect(refused).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('issues=write'),
    });
  });

  it('keeps its distance on a GitHub that is not on this host', async () => {
    const times: number[] = [];
    nock('https://api.github.com')
      .patch(`/repos/${REPO}/issues/1`)
      .times(2)
      .reply(() => {
        times.push(performance.now());
        return [200, anIssue(1)];
      });
    const board = aBoard({ apiUrl: 'https://api.github.com' });
    await Promise.all([1, 1].map(number => board.updateIssue(REPO, number, { labels: [] })));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });
});
