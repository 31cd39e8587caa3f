import { expect, test } from 'vitest';
import { APP, aForgeWithRepository, octokitOf } from './a-forge.ts';

test('numbers issues and pull requests together and lists both', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.addIssue({ repo: 'acme/app', title: 'First' });
  const sha = (await rest.repos.getBranch({ ...APP, branch: 'main' })).data.commit.sha;
  await rest.git.createRef({ ...APP, ref: 'refs/heads/work', sha });
  await rest.repos.createOrUpdateFileContents({
    ...APP,
    path: 'x',
    message: 'm',
    content: 'eA==',
    branch: 'work',
  });
  await rest.pulls.create({ ...APP, title: 'Second', head: 'work', base: 'main' });
  const { data } = await rest.issues.listForRepo({ ...APP, direction: 'asc' });
  expect(data.map(issue => [issue.number, issue.pull_request === undefined])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test('lists by labels, state, time and order', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  const start = Date.UTC(2030, 0, 1);
  for (let n = 1; n <= 4; n += 1) {
    forge.clock.set(start + n * 1000);
    forge.addIssue({ repo: 'acme/app', title: `${n}`, labels: n % 2 === 0 ? ['bug', 'even'] : ['bug'] });
  }
  forge.clock.set(start + 10_000);
  await rest.issues.update({ ...APP, issue_number: 1, title: 'changed' });
  await rest.issues.update({ ...APP, issue_number: 2, state: 'closed' });
  const list = async (query: object) =>
    (await rest.issues.listForRepo({ ...APP, ...query })).data.map(({ number }) => number);

  expect(await list({})).toEqual([4, 3, 1]);
  expect(await list({ state: 'all', sort: 'updated' })).toEqual([2, 1, 4, 3]);
  expect(await list({ labels: 'BUG,even', state: 'all' })).toEqual([4, 2]);
  expect(await list({ labels: 'nowhere' })).toEqual([]);
  expect(await list({ state: 'all', since: '2030-01-01T00:00:04Z' })).toEqual([4, 2, 1]);
  expect(await list({ state: 'closed' })).toEqual([2]);
});

test('never lets the time of an update run backwards', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.clock.set(Date.UTC(2030, 0, 1));
  forge.addIssue({ repo: 'acme/app', title: 'T' });
  forge.clock.set(Date.UTC(2029, 0, 1));
  const { data } = await rest.issues.update({ ...APP, issue_number: 1, title: 'U' });
  expect(data.updated_at).toBe('2030-01-01T00:00:00Z');
});

test('replaces labels, assignees and state in one change, and keeps who closed it', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge, 'token-bob');
  forge.addIssue({ repo: 'acme/app', title: 'T', labels: ['ready-for-agent'] });
  const change = { labels: ['agent-working'], assignees: ['bob', 'nobody'], state: 'closed' } as const;
  const { data } = await rest.issues.update({
    ...APP,
    issue_number: 1,
    ...change,
    labels: [...change.labels],
    assignees: [...change.assignees],
  });
  expect(data).toMatchObject({ state: 'closed', state_reason: 'completed', closed_by: { login: 'bob' } });
  expect(data.labels).toMatchObject([{ name: 'agent-working', color: 'ededed' }]);
  expect(data.assignees).toMatchObject([{ login: 'bob' }]);
  const reopened = await rest.issues.update({ ...APP, issue_number: 1, state: 'open' });
  expect(reopened.data).toMatchObject({ state_reason: 'reopened', closed_at: null });
});

test('lets a stranger file issues and comment, but not triage', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge, 'token-eve');
  const { data } = await rest.issues.create({ ...APP, title: 'From outside', labels: ['bug'] });
  expect(data).toMatchObject({ labels: [], author_association: 'NONE', user: { login: 'eve' } });
  await rest.issues.update({ ...APP, issue_number: data.number, body: 'Mine' });
  await rest.issues.createComment({ ...APP, issue_number: data.number, body: 'Hello' });
  forge.addIssue({ repo: 'acme/app', title: 'Not hers' });
  await expect(rest.issues.update({ ...APP, issue_number: 2, body: 'x' })).rejects.toMatchObject({
    status: 403,
  });
});

test('lists comments since a time, over one issue and over all', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  for (const title of ['a', 'b']) forge.addIssue({ repo: 'acme/app', title });
  forge.clock.set(Date.UTC(2030, 0, 1));
  await rest.issues.createComment({ ...APP, issue_number: 1, body: 'early' });
  forge.clock.set(Date.UTC(2030, 0, 2));
  await rest.issues.createComment({ ...APP, issue_number: 1, body: 'late' });
  await rest.issues.createComment({ ...APP, issue_number: 2, body: 'elsewhere' });
  const since = '2030-01-02T00:00:00Z';
  const one = await rest.issues.listComments({ ...APP, issue_number: 1, since });
  const all = await rest.issues.listCommentsForRepo({ ...APP, since });
  expect(one.data.map(({ body }) => body)).toEqual(['late']);
  expect(all.data.map(({ body }) => body)).toEqual(['late', 'elsewhere']);
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.comments).toBe(2);
});

test('does not lose a comment when many change one issue at once', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.addIssue({ repo: 'acme/app', title: 'T' });
  const bodies = Array.from({ length: 20 }, (_, n) => `comment ${n}`);
  await Promise.all([
    ...bodies.map(body => rest.issues.createComment({ ...APP, issue_number: 1, body })),
    rest.issues.update({ ...APP, issue_number: 1, body: 'changed' }),
    rest.issues.addLabels({ ...APP, issue_number: 1, labels: ['bug'] }),
  ]);
  const { data } = await rest.issues.listComments({ ...APP, issue_number: 1, per_page: 100 });
  expect(data.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data).toMatchObject({
    body: 'changed',
    labels: [{ name: 'bug' }],
  });
});

test('refuses a second label of the same name and takes a removed one off its issues', async () => {
  const forge = await aForgeWithRepository();
  const { rest } = octokitOf(forge);
  forge.addIssue({ repo: 'acme/app', title: 'T', labels: ['mine'] });
  await expect(rest.issues.createLabel({ ...APP, name: 'MINE' })).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }] } },
  });
  await rest.issues.deleteLabel({ ...APP, name: 'mine' });
  expect((await rest.issues.get({ ...APP, issue_number: 1 })).data.labels).toEqual([]);
  await expect(rest.issues.removeLabel({ ...APP, issue_number: 1, name: 'mine' })).rejects.toMatchObject({
    status: 404,
  });
});

test('counts open blockers and finished sub-issues in the list', async () => {
  const forge = await aForgeWithRepository();
  const octokit = octokitOf(forge);
  for (const title of ['parent', 'child', 'blocker']) forge.addIssue({ repo: 'acme/app', title });
  const ids = (await octokit.rest.issues.listForRepo({ ...APP, direction: 'asc' })).data.map(({ id }) => id);
  const blockedBy = 'POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by';
  await octokit.request(blockedBy, { ...APP, issue_number: 2, issue_id: ids[2] ?? 0 });
  await octokit.rest.issues.addSubIssue({ ...APP, issue_number: 1, sub_issue_id: ids[1] ?? 0 });
  const [parent, child] = (await octokit.rest.issues.listForRepo({ ...APP, direction: 'asc' })).data;
  expect(child).toMatchObject({
    issue_dependencies_summary: { blocked_by: 1, total_blocked_by: 1 },
    parent_issue_url: parent?.url,
  });
  await octokit.rest.issues.update({ ...APP, issue_number: 3, state: 'closed' });
  await octokit.rest.issues.update({ ...APP, issue_number: 2, state: 'closed' });
  const [after, blocked] = (await octokit.rest.issues.listForRepo({ ...APP, state: 'all', direction: 'asc' }))
    .data;
  expect(after).toMatchObject({ sub_issues_summary: { total: 1, completed: 1, percent_completed: 100 } });
  expect(blocked).toMatchObject({ issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 1 } });
});
