import nock from 'nock';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../src/adapters/github/connection.ts';
import { diagnose } from '../../../src/adapters/github/diagnosis.ts';
import { checkRepository } from '../../../src/adapters/github/repository-facts.ts';
import { kindOfToken } from '../../../src/adapters/github/token.ts';
import { isAtLeast } from '../../../src/adapters/programs.ts';
import { aClock, afterwards, aLog, aSnapshotsDir } from './setup.ts';

const API = 'https://api.github.com';
const REPO = 'acme/app';

beforeAll(() => {
  nock.disableNetConnect();
  return () => nock.enableNetConnect();
});

function aClient() {
  afterwards(() => nock.cleanAll());
  const { client } = connect({
    apiUrl: API,
    token: async () => 'github_pat_x',
    snapshotsDir: aSnapshotsDir(),
    gatesDir: '/dev/null/gates',
    readOnly: true,
    clock: aClock(),
    log: aLog(),
    fetch,
  });
  return client;
}

const ROW = {
  full_name: REPO,
  default_branch: 'main',
  private: true,
  fork: false,
  archived: false,
  has_issues: true,
};

describe('a diagnosis', () => {
  it('names the permission that a fine-grained token lacks', async () => {
    const needs = { 'x-accepted-github-permissions': 'statuses=read' };
    const date = new Date(Date.now() - 90_000).toUTCString();
    nock(API)
      .get('/user')
      .reply(200, { login: 'me' }, { date })
      .get(`/repos/${REPO}`)
      .reply(200, ROW)
      .get('/rate_limit')
      .reply(404, { message: 'Rate limiting is not enabled.' })
      .get(/\/(issues|pulls)\?per_page=1$/)
      .times(2)
      .reply(200, [])
      .get(/\/matching-refs\//)
      .reply(500)
      .get(`/repos/${REPO}/commits/main/status`)
      .reply(403, { message: 'Resource not accessible by personal access token' }, needs)
      .get(`/repos/${REPO}/commits/main/check-runs?per_page=1`)
      .reply(200, { check_runs: [] });
    const found = await diagnose(aClient(), REPO, aClock());
    expect(found).toMatchObject({ login: 'me', scopes: null, limits: null, repository: ROW });
    expect(found.skewMs).toBeGreaterThan(88_000);
    expect(found.abilities.map(({ verdict, needs: lacks }) => [verdict, lacks])).toEqual([
      ['allowed', null],
      ['allowed', null],
      ['unknown', null],
      ['refused', 'statuses=read'],
      ['allowed', null],
    ]);
  });

  it('reads the scopes of a classic token, also when it has none', async () => {
    for (const [header, scopes] of [
      ['repo, workflow', ['repo', 'workflow']],
      ['', []],
    ] as const) {
      nock(API)
        .get('/user')
        .reply(200, { login: 'me' }, { 'x-oauth-scopes': header })
        .get('/rate_limit')
        .reply(404);
      expect((await diagnose(aClient(), null, aClock())).scopes).toEqual(scopes);
    }
  });
});

describe('a repository', () => {
  it.each([
    ['that is fit', {}, []],
    ['that is a fork of somebody else', { fork: true, permissions: { push: false } }, [/fork.*may not push/]],
    ['that GitHub has disabled', { disabled: true }, [/disabled by GitHub/]],
    ['that is archived and has no issues', { archived: true, has_issues: false }, [/archived/, /issues/]],
  ])('%s', async (_, facts, reasons) => {
    nock(API)
      .get(`/repos/${REPO}`)
      .reply(200, { ...ROW, ...facts });
    const { refusals, remarks } = await checkRepository(aClient(), REPO);
    expect(remarks).toEqual([]);
    expect(refusals).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(refusals[index]).toMatch(reason);
  });

  it.each([
    ['is refused where it is not there', 404, 1, 0],
    ['is refused where the token is', 403, 1, 0],
    ['is not refused for a GitHub in trouble', 502, 0, 1],
    ['is not refused for a token that has expired', 401, 0, 1],
  ])('%s', async (_, status, refusals, remarks) => {
    nock(API).get(`/repos/${REPO}`).times(2).reply(status, { message: 'no' });
    const found = await checkRepository(aClient(), REPO);
    expect([found.refusals.length, found.remarks.length]).toEqual([refusals, remarks]);
  });
});

it.each([
  ['ghp_1', 'classic personal access token'],
  ['github_pat_1', 'fine-grained personal access token'],
  ['gho_1', 'OAuth token'],
  ['ghs_1', 'token of a GitHub App'],
  ['x', 'token of an unknown kind'],
])('knows %s for what it is', (token, kind) => {
  expect(kindOfToken(token)).toBe(kind);
});

it.each([
  ['2.39.5', '2.38', true],
  ['2.38', '2.38', true],
  ['3.0', '3.0', true],
  ['2.9', '3.0', false],
  ['20.9.0', '20.19', false],
  ['21.0', '20.19', true],
])('compares versions: %s against %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
