import { expect, test } from 'vitest';
import { APP, aClone, aForgeWithRepository, octokitOf, pushBranch } from './a-forge.ts';

/** Node ids of what REST shows. */
async function nodeIds(forge: { apiUrl: string }) {
  const { rest } = octokitOf(forge);
  const repository = (await rest.repos.get(APP)).data.node_id;
  const issues = (await rest.issues.listForRepo({ ...APP, state: 'all', direction: 'asc' })).data;
  return { repository, issues: issues.map(issue => issue.node_id) };
}

/** What GraphQL answers beside its data; empty when it does what it was asked. */
async function refusalsOf(
  forge: { apiUrl: string },
  { token, mutation }: { token: string; mutation: string },
): Promise<readonly { type: string; message: string }[]> {
  const answer = await octokitOf(forge, token)
    .graphql(`mutation { ${mutation} { clientMutationId } }`)
    .catch((failure: unknown) => failure);
  return (answer as { errors?: { type: string; message: string }[] }).errors ?? [];
}

test('lets a mutation do what REST would let the same login do, and no more', async () => {
  const forge = await aForgeWithRepository();
  forge.addIssue({ repo: 'acme/app', title: 'First' });
  const { issues } = await nodeIds(forge);
  const refused = [{ type: 'FORBIDDEN' }];
  const close = `closeIssue(input: {issueId: "${issues[0]}"})`;
  expect(await refusalsOf(forge, { token: 'token-eve', mutation: close })).toMatchObject(refused);
  const label = `addLabelsToLabelable(input: {labelableId: "${issues[0]}", labelIds: []})`;
  expect(await refusalsOf(forge, { token: 'token-eve', mutation: label })).toMatchObject(refused);
  const comment = `addComment(input: {subjectId: "${issues[0]}", body: "Me too."})`;
  expect(await refusalsOf(forge, { token: 'token-eve', mutation: comment })).toEqual([]);
  expect(await refusalsOf(forge, { token: 'token-bob', mutation: close })).toEqual([]);
  const { data } = await octokitOf(forge).rest.issues.get({ ...APP, issue_number: 1 });
  expect(data).toMatchObject({ state: 'closed', comments: 1, labels: [] });
});

test('never finds by its node id what the login may not see', async () => {
  const forge = await aForgeWithRepository();
  await forge.addRepository({ owner: 'acme', name: 'secret', private: true, roles: { bob: 'read' } });
  forge.addIssue({ repo: 'acme/secret', title: 'Hidden' });
  const { data } = await octokitOf(forge).rest.issues.get({ owner: 'acme', repo: 'secret', issue_number: 1 });
  const find = (token: string) =>
    octokitOf(forge, token)
      .graphql<{ node: unknown; search: unknown }>(
        `{ node(id: "${data.node_id}") { ... on Issue { title } } search(query: "Hidden", type: ISSUE) { issueCount } }`,
      )
      .catch((failure: unknown) => failure);
  expect(await find('token-bob')).toEqual({ node: { title: 'Hidden' }, search: { issueCount: 1 } });
  expect(await find('token-eve')).toMatchObject({
    data: { node: null, search: { issueCount: 0 } },
    errors: [{ type: 'NOT_FOUND' }],
  });
});

test('refuses a merge of another head than the one that is meant', async () => {
  const forge = await aForgeWithRepository();
  const head = await pushBranch(await aClone(forge), 'work');
  const { rest } = octokitOf(forge);
  await rest.pulls.create({ ...APP, title: 'Work', head: 'work', base: 'main' });
  const { issues } = await nodeIds(forge);
  const merge = (oid: string) =>
    `mergePullRequest(input: {pullRequestId: "${issues[0]}", mergeMethod: REBASE, expectedHeadOid: "${oid}"})`;
  const token = 'token-bob';
  const other = await refusalsOf(forge, { token, mutation: merge('0'.repeat(40)) });
  expect(other).toMatchObject([
    { type: 'UNPROCESSABLE', message: 'Head branch was modified. Review and try the merge again.' },
  ]);
  expect(await refusalsOf(forge, { token, mutation: merge(head) })).toEqual([]);
  const { data } = await rest.pulls.get({ ...APP, pull_number: 1 });
  expect(data).toMatchObject({ merged: true, merged_by: { login: 'bob' } });
});

test.each([
  ['repo:acme/app is:open', [3, 1]],
  ['is:issue state:closed', [2]],
  ['label:bug -author:eve', [3]],
  ['author:@me sort:created-asc', [2, 3]],
  ['"a needle"', [2]],
  ['no:label user:acme', [2]],
  ['repo:acme/other', []],
])('finds issues by %s', async (query, numbers) => {
  const forge = await aForgeWithRepository();
  forge.addIssue({ repo: 'acme/app', title: 'One', labels: ['bug'], author: 'eve' });
  forge.addIssue({ repo: 'acme/app', title: 'Two', body: 'Find a needle here.' });
  forge.addIssue({ repo: 'acme/app', title: 'Three', labels: ['bug', 'question'] });
  const octokit = octokitOf(forge);
  await octokit.rest.issues.update({ ...APP, issue_number: 2, state: 'closed' });
  const { search } = await octokit.graphql<{ search: { nodes: { number: number }[] } }>(
    'query($q: String!) { search(query: $q, type: ISSUE, first: 10) { nodes { ... on Issue { number } } } }',
    { q: query },
  );
  expect(search.nodes.map(({ number }) => number)).toEqual(numbers);
});

test('refuses a search that it does not understand', async () => {
  const forge = await aForgeWithRepository();
  const failure = await octokitOf(forge)
    .graphql('{ search(query: "milestone:one", type: ISSUE) { issueCount } }')
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ errors: [{ message: 'The forge does not search by milestone:one.' }] });
});
