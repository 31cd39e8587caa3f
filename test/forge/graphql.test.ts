import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from '../../src/forge/graphql/cost.ts';
import { APP, aClone, aForge, aForgeWithRepository, octokitOf, pushBranch } from './a-forge.ts';

test('reads an issue with who edited it, its blockers and its parent', async () => {
  const forge = await aForgeWithRepository();
  const octokit = octokitOf(forge);
  for (const title of ['parent', 'child', 'blocker']) {
    forge.addIssue({ repo: 'acme/app', title, body: 'Text', author: 'eve', labels: ['bug'] });
  }
  const ids = (await octokit.rest.issues.listForRepo({ ...APP, direction: 'asc' })).data.map(({ id }) => id);
  await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by', {
    ...APP,
    issue_number: 2,
    issue_id: ids[2] ?? 0,
  });
  await octokit.rest.issues.addSubIssue({ ...APP, issue_number: 1, sub_issue_id: ids[1] ?? 0 });
  await octokit.rest.issues.update({ ...APP, issue_number: 2, body: 'Other text' });
  await octokit.rest.issues.update({ ...APP, issue_number: 3, state: 'closed', state_reason: 'not_planned' });

  const { repository } = await octokit.graphql<{ repository: { issue: unknown } }>(
    `query($owner: String!, $repo: String!, $number: Int!) {
      repository(owner: $owner, name: $repo) { issue(number: $number) {
        number title body state stateReason author { login } editor { login } lastEditedAt updatedAt createdAt
        labels(first: 5) { nodes { name } }
        blockedBy(first: 5) { nodes { number state stateReason repository { nameWithOwner } } }
        parent { number repository { nameWithOwner } }
      } } }`,
    { ...APP, number: 2 },
  );
  expect(repository.issue).toMatchObject({
    body: 'Other text',
    state: 'OPEN',
    author: { login: 'eve' },
    editor: { login: 'acme' },
    lastEditedAt: expect.stringMatching(/Z$/),
    labels: { nodes: [{ name: 'bug' }] },
    blockedBy: {
      nodes: [
        { number: 3, state: 'CLOSED', stateReason: 'NOT_PLANNED', repository: { nameWithOwner: 'acme/app' } },
      ],
    },
    parent: { number: 1, repository: { nameWithOwner: 'acme/app' } },
  });
});

test('pages through the issues of many repositories in one query', async () => {
  const forge = await aForge();
  const names = ['one', 'two'];
  for (const name of names) {
    await forge.addRepository({ owner: 'acme', name });
    for (let n = 1; n <= 3; n += 1) forge.addIssue({ repo: `acme/${name}`, title: `${name} ${n}` });
  }
  const probe = names
    .map(
      name => `${name}: repository(owner: "acme", name: "${name}") {
        issues(first: 2, after: $after, states: OPEN, orderBy: {field: UPDATED_AT, direction: DESC}) {
          totalCount pageInfo { endCursor hasNextPage } nodes { number } } }`,
    )
    .join('\n');
  type Probe = Record<
    string,
    { issues: { totalCount: number; pageInfo: { endCursor: string }; nodes: { number: number }[] } }
  >;
  const ask = (after: string | null) =>
    octokitOf(forge).graphql<Probe>(`query($after: String) { ${probe} }`, { after });
  const first = await ask(null);
  expect(first.two?.issues).toMatchObject({ totalCount: 3, nodes: [{ number: 3 }, { number: 2 }] });
  const second = await ask(first.two?.issues.pageInfo.endCursor ?? null);
  expect(second.two?.issues).toMatchObject({ nodes: [{ number: 1 }], pageInfo: { hasNextPage: false } });
});

test('knows where a pull request stands', async () => {
  const forge = await aForgeWithRepository();
  const octokit = octokitOf(forge);
  forge.addIssue({ repo: 'acme/app', title: 'T' });
  const head = await pushBranch(await aClone(forge), 'work');
  await octokit.rest.pulls.create({ ...APP, title: 'P', head: 'work', base: 'main', body: 'Closes #1' });
  await octokit.rest.repos.createCommitStatus({ ...APP, sha: head, state: 'success' });
  await octokitOf(forge, 'token-bob').rest.pulls.createReview({ ...APP, pull_number: 2, event: 'APPROVE' });
  const { repository } = await octokit.graphql<{ repository: unknown }>(
    `{ repository(owner: "acme", name: "app") {
      defaultBranchRef { name target { oid ... on Commit { statusCheckRollup { state } } } }
      pullRequest(number: 2) {
        headRefOid mergeable reviewDecision
        commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } }
        closingIssuesReferences(first: 5) { nodes { number } }
      } } }`,
  );
  expect(repository).toMatchObject({
    defaultBranchRef: { name: 'main', target: { statusCheckRollup: null } },
    pullRequest: {
      headRefOid: head,
      mergeable: 'MERGEABLE',
      reviewDecision: 'APPROVED',
      commits: { nodes: [{ commit: { oid: head, statusCheckRollup: { state: 'SUCCESS' } } }] },
      closingIssuesReferences: { nodes: [{ number: 1 }] },
    },
  });
});

test('answers what it can, and names what it could not find', async () => {
  const forge = await aForgeWithRepository();
  const error = await octokitOf(forge)
    .graphql('{ viewer { login } gone: repository(owner: "acme", name: "gone") { name } }')
    .catch((failure: unknown) => failure);
  expect(error).toMatchObject({
    data: { viewer: { login: 'acme' }, gone: null },
    errors: [{ type: 'NOT_FOUND', path: ['gone'] }],
  });
  const unknown = await octokitOf(forge)
    .graphql('{ nothing }')
    .catch((failure: unknown) => failure);
  expect(unknown).toMatchObject({ errors: [{ message: expect.stringContaining('nothing') }] });
});

test('says that mergeability is unknown for as many reads as it is told to', async () => {
  const forge = await aForge({ delays: { unknownMergeableReads: 2 } });
  await forge.addRepository({ owner: 'acme', name: 'app', files: { 'README.md': 'x' } });
  const { rest } = octokitOf(forge);
  await pushBranch(await aClone(forge), 'work');
  await rest.pulls.create({ ...APP, title: 'P', head: 'work', base: 'main' });
  const read = async () => (await rest.pulls.get({ ...APP, pull_number: 1 })).data.mergeable;
  expect([await read(), await read()]).toEqual([null, true]);
});

// Points that follow from GitHub's formula, worked out by hand: requests for each connection, over 100.
test.each([
  ['one probe of a hundred repositories', 100, 'issues(first: 1) { nodes { number } }', 1],
  ['twenty issues with labels of ten repositories', 10, labelled(20), 2],
  ['twenty issues with labels of fifty repositories', 50, labelled(20), 11],
  ['a hundred issues with labels of ten repositories', 10, labelled(100), 10],
])('costs what GitHub documents: %s', (_, repositories, selection, points) => {
  const fields = Array.from(
    { length: repositories },
    (_unused, n) => `r${n}: repository(owner: "a", name: "b") { ${selection} }`,
  );
  expect(costOf(parse(`{ ${fields.join(' ')} }`), {})).toBe(points);
});

function labelled(first: number): string {
  return `issues(first: ${first}) { nodes { labels(first: 20) { nodes { name } } } }`;
}
