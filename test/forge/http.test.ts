import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Forge } from '../../src/forge/index.ts';
import { APP, aForge, aForgeWithRepository, octokitOf } from './a-forge.ts';

function get(
  forge: Forge,
  path: string,
  headers: Record<string, string> = {},
  token: string | null = 'token-acme',
) {
  const authorization = token === null ? {} : { authorization: `token ${token}` };
  return fetch(`${forge.apiUrl}${path}`, { headers: { ...authorization, ...headers } });
}

test('pages with the links that GitHub gives', async () => {
  const forge = await aForgeWithRepository();
  for (let n = 1; n <= 7; n += 1) forge.addIssue({ repo: 'acme/app', title: `Issue ${n}` });
  const relations = async (page: number) => {
    const response = await get(forge, `/repos/acme/app/issues?per_page=3&page=${page}`);
    const links = [...(response.headers.get('link') ?? '').matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)];
    return Object.fromEntries(links.map(([, number, relation]) => [relation, Number(number)]));
  };
  expect(await relations(1)).toEqual({ next: 2, last: 3 });
  expect(await relations(2)).toEqual({ prev: 1, next: 3, last: 3, first: 1 });
  expect(await relations(3)).toEqual({ prev: 2, first: 1 });
  const octokit = octokitOf(forge);
  const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
    ...APP,
    per_page: 3,
    direction: 'asc',
  });
  expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('answers 304 to a body that is known, for nothing', async () => {
  const forge = await aForgeWithRepository();
  const path = '/repos/acme/app/issues';
  const first = await get(forge, path, { accept: 'application/json' });
  const etag = first.headers.get('etag') ?? '';
  const body = `application/json:token token-acme:${await first.text()}`;
  expect(etag).toBe(`W/"${createHash('sha256').update(body).digest('hex')}"`);

  const again = await get(forge, path, { accept: 'application/json', 'if-none-match': etag });
  expect(again.status).toBe(304);
  expect(again.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
  expect(
    (await get(forge, path, { accept: 'application/json', 'if-none-match': etag }, 'token-bob')).status,
  ).toBe(200);

  forge.addIssue({ repo: 'acme/app', title: 'New' });
  expect((await get(forge, path, { accept: 'application/json', 'if-none-match': etag })).status).toBe(200);
  expect(forge.requests.cost({ route: '/repos/{owner}/{repo}/issues' })).toBe(3);
  expect(forge.requests.all().map(({ conditional304 }) => conditional304)).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test('refuses with 403 when the points of the hour are used up, until they are given anew', async () => {
  const forge = await aForgeWithRepository();
  forge.limits.set({ login: 'acme', remaining: 1, resetInSeconds: 60 });
  expect((await get(forge, '/user')).headers.get('x-ratelimit-remaining')).toBe('0');
  const refused = await get(forge, '/user');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(await refused.json()).toMatchObject({
    message: expect.stringMatching(/^API rate limit exceeded for user ID \d+/),
  });
  expect((await get(forge, '/user', {}, 'token-bob')).status).toBe(200);
  expect((await get(forge, '/rate_limit')).status).toBe(200);
  forge.clock.advance(61_000);
  expect((await get(forge, '/user')).status).toBe(200);
});

test('refuses too much content a minute with the secondary limit when that is enforced', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.limits.enforce({ contentPerMinute: 2 });
  const file = () => rest.issues.create({ ...APP, title: 'T' });
  await file();
  await file();
  await expect(file()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('secondary rate limit'),
    response: { headers: { 'retry-after': '60' } },
  });
  forge.clock.advance(60_000);
  await file();
});

test('knows people by their tokens, and hides what they may not see', async () => {
  const forge = await aForgeWithRepository();
  await forge.addRepository({ owner: 'acme', name: 'secret', private: true, roles: { bob: 'read' } });
  expect((await get(forge, '/user', {}, 'wrong')).status).toBe(401);
  expect((await get(forge, '/user', {}, null)).status).toBe(401);
  expect((await get(forge, '/')).headers.get('x-oauth-scopes')).toContain('repo');
  expect((await get(forge, '/repos/acme/secret', {}, 'token-eve')).status).toBe(404);
  expect((await get(forge, '/repos/acme/secret', {}, 'token-bob')).status).toBe(200);
  expect((await get(forge, '/repos/acme/app', {}, null)).status).toBe(200);
  await expect(
    octokitOf(forge, 'token-eve').rest.issues.addLabels({ ...APP, issue_number: 1, labels: ['x'] }),
  ).rejects.toMatchObject({ status: 403 });
  forge.revokeToken('token-bob');
  expect((await get(forge, '/user', {}, 'token-bob')).status).toBe(401);
  forge.addUser({ login: 'bob', token: 'rotated' });
  expect(await (await get(forge, '/user', {}, 'rotated')).json()).toMatchObject({ login: 'bob' });
});

test('answers 404 to what it does not have, and writes it into the log', async () => {
  const forge = await aForge();
  const response = await get(forge, '/repos/acme/app/actions/runs');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ message: 'Not Found', status: '404' });
  expect(forge.requests.all()).toMatchObject([
    { route: '*', path: '/repos/acme/app/actions/runs', status: 404 },
  ]);
});

test('refuses bodies that are no JSON or too long', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const post = (body: string) =>
    fetch(`${forge.apiUrl}/repos/acme/app/issues`, {
      method: 'POST',
      headers: { authorization: 'token token-acme' },
      body,
    });
  expect((await post('{')).status).toBe(400);
  expect((await post('{"body":"x"}')).status).toBe(422);
  await expect(rest.issues.create({ ...APP, title: 'x'.repeat(257) })).rejects.toMatchObject({ status: 422 });
  await expect(rest.issues.create({ ...APP, title: 'T', body: '😀'.repeat(65_537) })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('maximum is 65536 characters'),
  });
  const { data } = await rest.issues.create({ ...APP, title: 'T', body: '😀'.repeat(65_536) });
  expect(data.number).toBe(1);
  await expect(rest.issues.createLabel({ ...APP, name: 'x'.repeat(51) })).rejects.toMatchObject({
    status: 422,
  });
});

test('refuses names that lead out of its directory', async () => {
  const forge = await aForge();
  const { rest } = octokitOf(forge);
  for (const name of ['../../x', '..', 'x.git', 'a/b']) {
    await expect(rest.repos.createForAuthenticatedUser({ name })).rejects.toMatchObject({ status: 422 });
  }
  await expect(rest.repos.createInOrg({ org: '..', name: 'x' })).rejects.toMatchObject({
    status: expect.any(Number),
  });
});

test('serves the API under the prefix of GitHub Enterprise too', async () => {
  const forge = await aForgeWithRepository();
  const octokit = octokitOf({ apiUrl: `${forge.url}/api/v3` });
  expect((await octokit.rest.repos.get(APP)).data.full_name).toBe('acme/app');
  expect(await octokit.graphql('{ viewer { login } }')).toEqual({ viewer: { login: 'acme' } });
});

test('says that the port is taken', async () => {
  const forge = await aForge();
  await expect(aForge({ port: forge.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('tells its own time', async () => {
  const forge = await aForge();
  forge.clock.set(Date.UTC(2030, 0, 1));
  expect((await get(forge, '/meta')).headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
});
