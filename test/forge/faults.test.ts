import { expect, test } from 'vitest';
import type { FaultSpec, Forge } from '../../src/forge/index.ts';
import { APP, aClone, aForge, aForgeWithRepository, commitFile, git, octokitOf } from './a-forge.ts';

const ISSUES = '/repos/{owner}/{repo}/issues';
const RECEIVE = '/{owner}/{repo}/git-receive-pack';

async function withFault(spec: FaultSpec) {
  const forge = await aForgeWithRepository();
  const fault = forge.faults.add(spec);
  const { rest } = octokitOf(forge);
  const create = () => rest.issues.create({ ...APP, title: 'T' });
  const issues = async () => {
    forge.faults.clear();
    return (await rest.issues.listForRepo({ ...APP, state: 'all' })).data.length;
  };
  return { forge, fault, rest, create, issues };
}

test.each([
  ['status', 502, 0],
  ['status-after-effect', 502, 1],
] as const)('answers with a failure (%s)', async (kind, status, effect) => {
  const { create, issues } = await withFault({ kind, status, method: 'POST', route: ISSUES });
  await expect(create()).rejects.toMatchObject({ status: 502 });
  expect(await issues()).toBe(effect);
});

test.each([
  ['drop', 0],
  ['drop-after-effect', 1],
] as const)('cuts the connection (%s)', async (kind, effect) => {
  const { forge, create, issues } = await withFault({ kind, method: 'POST' });
  await expect(create()).rejects.toMatchObject({
    status: 500,
    message: expect.stringMatching(/other side closed|fetch failed/),
  });
  expect(forge.requests.all().at(-1)).toMatchObject({ method: 'POST', status: 0 });
  expect(await issues()).toBe(effect);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('asks whether to cut the connection (%s its effect)', async (when, effect) => {
  const asked: string[] = [];
  const { create, issues } = await withFault({
    kind: 'ask',
    method: 'POST',
    ask: async ({ method, url }, moment) => {
      asked.push(`${moment} ${method} ${new URL(url).pathname}`);
      return moment === when ? 'drop' : 'go-on';
    },
  });
  await expect(create()).rejects.toMatchObject({ status: 500 });
  expect(asked.at(-1)).toBe(`${when} POST /repos/acme/app/issues`);
  expect(await issues()).toBe(effect);
});

test('sends half of an answer', async () => {
  const { forge } = await withFault({ kind: 'truncate' });
  const response = await fetch(`${forge.apiUrl}/repos/acme/app`);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('sends what is no JSON', async () => {
  const { forge } = await withFault({ kind: 'invalid-json' });
  const response = await fetch(`${forge.apiUrl}/repos/acme/app`);
  await expect(response.json()).rejects.toThrow(SyntaxError);
});

test('takes its time', async () => {
  const { forge, rest } = await withFault({ kind: 'latency', ms: 60 });
  await rest.repos.get(APP);
  expect(forge.requests.all().at(-1)?.ms).toBeGreaterThanOrEqual(59);
  const slow = await aForge({ delays: { apiMs: 40 } });
  await fetch(`${slow.apiUrl}/meta`);
  expect(slow.requests.all().at(-1)?.ms).toBeGreaterThanOrEqual(39);
});

test('shows lists as they were, while single reads are right', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.addIssue({ repo: 'acme/app', title: 'Old' });
  forge.faults.add({ kind: 'stale-list', count: 1 });
  forge.addIssue({ repo: 'acme/app', title: 'New' });
  await rest.issues.update({ ...APP, issue_number: 1, state: 'closed' });
  const list = async () => (await rest.issues.listForRepo(APP)).data.map(({ title }) => title);
  expect(await list()).toEqual(['Old']);
  expect(await list()).toEqual(['New']);
});

test('hides one late issue from lists that show later ones', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const fault = forge.faults.add({ kind: 'stale-list', numbers: [1] });
  for (const title of ['late', 'prompt']) forge.addIssue({ repo: 'acme/app', title });
  expect((await rest.issues.listForRepo(APP)).data.map(({ number }) => number)).toEqual([2]);
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.title).toBe('late');
  fault.remove();
  expect((await rest.issues.listForRepo(APP)).data.map(({ number }) => number)).toEqual([2, 1]);
});

test('claims that nothing changed', async () => {
  const { forge } = await withFault({ kind: 'false-304' });
  const headers = { 'if-none-match': 'W/"old"' };
  expect((await fetch(`${forge.apiUrl}/repos/acme/app`, { headers })).status).toBe(304);
  expect((await fetch(`${forge.apiUrl}/repos/acme/app`)).status).toBe(200);
});

test('meets the limits, also in GraphQL', async () => {
  const { forge, rest } = await withFault({
    kind: 'primary-limit',
    status: 429,
    resetInSeconds: 30,
    count: 1,
    login: 'acme',
  });
  await expect(rest.repos.get(APP)).rejects.toMatchObject({
    status: 429,
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  });
  await expect(rest.repos.get(APP)).rejects.toMatchObject({ status: 403 });
  forge.clock.advance(31_000);
  await rest.repos.get(APP);

  forge.faults.add({ kind: 'secondary-limit', retryAfterSeconds: null, count: 1 });
  const refused = await rest.repos
    .get(APP)
    .catch((error: { status: number; response: { headers: object } }) => error);
  expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('secondary rate limit') });
  expect('response' in refused && refused.response.headers).not.toHaveProperty('retry-after');

  forge.faults.add({ kind: 'primary-limit', route: '/graphql', count: 1 });
  await expect(octokitOf(forge).graphql('{ viewer { login } }')).rejects.toMatchObject({
    errors: [{ type: 'RATE_LIMIT' }],
  });
});

test('meets so many requests of a login, a method and a path, and counts them', async () => {
  const { forge, fault, rest } = await withFault({
    kind: 'status',
    status: 500,
    route: /issues\/[12]$/,
    method: 'GET',
    login: 'acme',
    skip: 1,
    count: 2,
  });
  for (const title of ['a', 'b', 'c']) forge.addIssue({ repo: 'acme/app', title });
  const read = (issue_number: number, token?: string) =>
    (token === undefined ? rest : octokitOf(forge, token).rest).issues.get({ ...APP, issue_number }).then(
      () => 'fine',
      () => 'failed',
    );
  expect(await Promise.all([read(3), read(1, 'token-bob')])).toEqual(['fine', 'fine']);
  const own = [await read(1), await read(2), await read(1), await read(1)];
  expect(own).toEqual(['fine', 'failed', 'failed', 'fine']);
  expect(fault.hits()).toBe(2);
});

async function pushWith(forge: Forge, spec: FaultSpec): Promise<{ stderr: string; taken: boolean }> {
  const clone = await aClone(forge);
  const commit = await commitFile(clone, 'x', 'x');
  const fault = forge.faults.add(spec);
  const stderr = await git(clone, 'push', 'origin', 'main:work').then(
    () => '',
    (error: { stderr: string }) => error.stderr,
  );
  fault.remove();
  return { stderr, taken: (await git(clone, 'ls-remote', 'origin', 'refs/heads/work')).includes(commit) };
}

test.each([
  [{ kind: 'status', status: 503, route: RECEIVE }, /503/, false],
  [{ kind: 'status-after-effect', status: 502, route: RECEIVE }, /502/, true],
  [{ kind: 'drop', route: RECEIVE }, /Empty reply|hung up|RPC failed/, false],
  [{ kind: 'drop-after-effect', route: RECEIVE }, /Empty reply|hung up|RPC failed/, true],
  [{ kind: 'status', status: 500, route: '/{owner}/{repo}/info/refs' }, /500/, false],
] as const)('spoils a push: %j', async (spec, words, taken) => {
  const forge = await aForgeWithRepository();
  const push = await pushWith(forge, spec);
  expect(push.stderr).toMatch(words);
  expect(push.taken).toBe(taken);
});

test('takes faults, limits and questions over HTTP', async () => {
  const forge = await aForgeWithRepository();
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${forge.url}/_forge/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const added = await control('POST', 'faults', {
    kind: 'status',
    status: 500,
    route: '^/repos/acme/app(\\?.*)?$',
    count: 1,
  });
  expect(added.status).toBe(201);
  expect((await fetch(`${forge.apiUrl}/repos/acme/app?x=1`)).status).toBe(500);
  expect(await (await control('GET', 'faults')).json()).toMatchObject([{ id: 1, hits: 1, status: 500 }]);
  expect((await control('DELETE', 'faults/1')).status).toBe(204);
  expect((await control('DELETE', 'faults')).status).toBe(204);
  await control('POST', 'limits', { login: null, remaining: 0 });
  expect((await fetch(`${forge.apiUrl}/repos/acme/app`)).status).toBe(403);
  const log = (await (await control('GET', 'requests?status=500')).json()) as { count: number };
  expect(log.count).toBe(1);
  await control('DELETE', 'requests');
  expect(forge.requests.count()).toBe(0);
});
