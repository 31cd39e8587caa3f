import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  APP,
  aClone,
  aForgeWithRepository,
  git,
  octokitOf,
  pushBranch,
  temporaryDirectory,
} from './a-forge.ts';
import { ghOf, NO_GH } from './a-gh.ts';

/** What a failed run wrote. */
const said = (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`;

if (NO_GH !== null) process.stderr.write(`test/forge/gh.test.ts is skipped: ${NO_GH}\n`);

describe.skipIf(NO_GH !== null)('the real gh', () => {
  test('files, lists, shows, edits, comments on, closes and reopens an issue', async () => {
    const forge = await aForgeWithRepository();
    const gh = await ghOf(forge);
    const { issues } = octokitOf(forge).rest;
    const read = async () => (await issues.get({ ...APP, issue_number: 1 })).data;
    const inApp = ['--repo', 'acme/app'];

    const filed = await gh([
      ...['issue', 'create', ...inApp, '--title', 'First', '--body', 'Do it.'],
      ...['--label', 'bug', '--label', 'question', '--assignee', 'bob'],
    ]);
    expect(filed).toBe(`${forge.url}/acme/app/issues/1`);
    expect(await read()).toMatchObject({
      title: 'First',
      body: 'Do it.',
      user: { login: 'acme' },
      labels: [{ name: 'bug' }, { name: 'question' }],
      assignees: [{ login: 'bob' }],
    });

    forge.addIssue({ repo: 'acme/app', title: 'Second' });
    const numbers = async (...args: string[]) =>
      JSON.parse(await gh(['issue', 'list', ...inApp, '--json', 'number', ...args]));
    expect(await numbers()).toEqual([{ number: 2 }, { number: 1 }]);
    expect(await numbers('--label', 'bug')).toEqual([{ number: 1 }]);
    expect(await numbers('--assignee', 'bob', '--limit', '1')).toEqual([{ number: 1 }]);

    await gh(['issue', 'edit', '1', ...inApp, '--title', 'Newer', '--body', 'Do that.']);
    await gh(['issue', 'edit', '1', ...inApp, '--add-label', 'wontfix', '--remove-label', 'bug']);
    await gh(['issue', 'edit', '1', ...inApp, '--add-assignee', 'eve', '--remove-assignee', 'bob']);
    const edited = await read();
    expect(edited).toMatchObject({ title: 'Newer', body: 'Do that.', assignees: [{ login: 'eve' }] });
    expect(edited.labels).toMatchObject([{ name: 'question' }, { name: 'wontfix' }]);

    await gh(['issue', 'comment', '1', ...inApp, '--body', 'Well.']);
    await gh(['issue', 'comment', '1', ...inApp, '--edit-last', '--body', 'Well said.']);
    const { data: comments } = await issues.listComments({ ...APP, issue_number: 1 });
    expect(comments).toMatchObject([{ body: 'Well said.', user: { login: 'acme' } }]);

    await gh(['issue', 'close', '1', ...inApp, '--reason', 'not planned']);
    expect(await read()).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    await gh(['issue', 'reopen', '1', ...inApp]);
    expect(await read()).toMatchObject({ state: 'open', state_reason: 'reopened' });

    const shown = await gh(['issue', 'view', `${forge.url}/acme/app/issues/1`, '--comments']);
    expect(shown).toContain('Well said.');
    expect(await gh(['issue', 'view', '1', ...inApp])).toMatch(
      /title:\s+Newer[\s\S]*labels:\s+question, wontfix/,
    );
  });

  test('carries a branch through pull request, checks and review to a merge', async () => {
    const forge = await aForgeWithRepository();
    const [gh, bob] = await Promise.all([ghOf(forge), ghOf(forge, 'bob')]);
    const { rest } = octokitOf(forge);
    const read = async () => (await rest.pulls.get({ ...APP, pull_number: 2 })).data;
    forge.addIssue({ repo: 'acme/app', title: 'First' });
    const cwd = await aClone(forge);
    const head = await pushBranch(cwd, 'work');

    const opened = await gh(
      [
        ...['pr', 'create', '--title', 'Work', '--body', 'Closes #1', '--base', 'main', '--head', 'work'],
        ...['--label', 'bug', '--reviewer', 'bob', '--draft'],
      ],
      { cwd },
    );
    expect(opened).toBe(`${forge.url}/acme/app/pull/2`);
    expect(await read()).toMatchObject({
      title: 'Work',
      body: 'Closes #1',
      draft: true,
      head: { ref: 'work', sha: head },
      labels: [{ name: 'bug' }],
      requested_reviewers: [{ login: 'bob' }],
    });
    await gh(['pr', 'ready', '2'], { cwd });
    expect(await read()).toMatchObject({ draft: false });

    expect(JSON.parse(await gh(['pr', 'list', '--head', 'work', '--json', 'number'], { cwd }))).toEqual([
      { number: 2 },
    ]);
    const noChecks = await gh(['pr', 'checks', '2'], { cwd }).catch(said);
    expect(noChecks).toContain('no checks reported');
    await rest.repos.createCommitStatus({ ...APP, sha: head, state: 'success', context: 'build' });
    expect(await gh(['pr', 'checks', '2'], { cwd })).toMatch(/^build\tpass/);
    await rest.checks.create({ ...APP, head_sha: head, name: 'lint', conclusion: 'failure' });
    const red = await gh(['pr', 'checks', '2'], { cwd }).catch(said);
    expect(red).toMatch(/lint\tfail/);

    await bob(['pr', 'review', '2', '--request-changes', '--body', 'Hm.'], { cwd });
    await bob(['pr', 'review', '2', '--approve'], { cwd });
    const { data: reviews } = await rest.pulls.listReviews({ ...APP, pull_number: 2 });
    expect(reviews.map(({ state, user }) => [state, user?.login])).toEqual([
      ['CHANGES_REQUESTED', 'bob'],
      ['APPROVED', 'bob'],
    ]);
    await gh(['pr', 'comment', '2', '--body', 'Thanks.'], { cwd });
    await gh(['pr', 'edit', '2', '--title', 'Good work', '--add-label', 'question'], { cwd });
    expect(await read()).toMatchObject({
      title: 'Good work',
      comments: 1,
      labels: [{}, { name: 'question' }],
    });

    const fields = 'state,reviewDecision,mergeable,statusCheckRollup,files,commits,comments';
    expect(JSON.parse(await gh(['pr', 'view', 'work', '--json', fields], { cwd }))).toMatchObject({
      state: 'OPEN',
      reviewDecision: 'APPROVED',
      mergeable: 'MERGEABLE',
      statusCheckRollup: [{ name: 'lint', conclusion: 'FAILURE' }, { context: 'build' }],
      files: [{ path: 'work.txt', additions: 1 }],
      commits: [{ oid: head, messageHeadline: 'Add work.txt' }],
      comments: [{ body: 'Thanks.' }],
    });
    expect(await gh(['pr', 'diff', '2'], { cwd })).toContain('+++ b/work.txt');

    await gh(['pr', 'merge', opened, '--squash', '--delete-branch'], { cwd });
    expect(await read()).toMatchObject({ merged: true, merged_by: { login: 'acme' } });
    const { data: issue } = await rest.issues.get({ ...APP, issue_number: 1 });
    expect(issue).toMatchObject({ state: 'closed', state_reason: 'completed' });
    const { data: branches } = await rest.repos.listBranches(APP);
    expect(branches.map(({ name }) => name)).toEqual(['main']);
  });

  test('closes a pull request without merging it, and is told why a merge is refused', async () => {
    const forge = await aForgeWithRepository();
    const [gh, eve] = await Promise.all([ghOf(forge), ghOf(forge, 'eve')]);
    const cwd = await aClone(forge);
    await pushBranch(cwd, 'work', { path: 'src/a.txt', text: 'theirs\n' });
    await gh(['pr', 'create', '--title', 'Work', '--body', '', '--head', 'work'], { cwd });

    const refusal = await eve(['pr', 'merge', '1', '--merge'], { cwd }).catch(
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(/admin rights/);
    await git(cwd, 'checkout', '--quiet', 'main');
    await pushBranch(cwd, 'other', { path: 'src/a.txt', text: 'ours\n' });
    await git(cwd, 'push', '--quiet', 'origin', 'other:main');
    const conflict = await gh(['pr', 'merge', '1', '--merge'], { cwd }).catch(
      (error: Error) => error.message,
    );
    expect(conflict).toMatch(/not mergeable/);

    await gh(['pr', 'close', '1', '--comment', 'Later.'], { cwd });
    const { data: pull } = await octokitOf(forge).rest.pulls.get({ ...APP, pull_number: 1 });
    expect(pull).toMatchObject({ state: 'closed', merged: false, comments: 1 });
  });

  test('lists and makes labels', async () => {
    const forge = await aForgeWithRepository();
    const gh = await ghOf(forge);
    const create = ['label', 'create', 'ready', '--repo', 'acme/app', '--description', 'For agents'];
    await gh([...create, '--color', '00ff00']);
    await gh([...create, '--color', 'ff0000', '--force']);
    const { data } = await octokitOf(forge).rest.issues.getLabel({ ...APP, name: 'ready' });
    expect(data).toMatchObject({ color: 'ff0000', description: 'For agents' });
    const listed = await gh(['label', 'list', '--repo', 'acme/app', '--search', 'agents']);
    expect(listed).toBe('ready\tFor agents\t#ff0000');
  });

  test('shows and clones a repository', async () => {
    const forge = await aForgeWithRepository();
    const gh = await ghOf(forge);
    expect(await gh(['repo', 'view', 'acme/app'])).toMatch(/^name:\s+acme\/app[\s\S]*# app/);
    const cwd = await temporaryDirectory();
    await gh(['repo', 'clone', 'acme/app'], { cwd });
    expect(await readFile(join(cwd, 'app/README.md'), 'utf8')).toBe('# app\n');
    const defaults = ['repo', 'view', '--json', 'nameWithOwner,defaultBranchRef'];
    expect(JSON.parse(await gh(defaults, { cwd: join(cwd, 'app') }))).toEqual({
      nameWithOwner: 'acme/app',
      defaultBranchRef: { name: 'main' },
    });
  });

  test('asks REST and GraphQL directly, page by page', async () => {
    const forge = await aForgeWithRepository();
    const gh = await ghOf(forge);
    for (const title of ['a', 'b', 'c']) forge.addIssue({ repo: 'acme/app', title });
    const pages = ['api', 'repos/acme/app/issues?per_page=2', '--paginate', '--jq', '.[].title'];
    expect(await gh(pages)).toBe('c\nb\na');
    expect(await gh(['api', 'repos/acme/app/git/ref/heads%2Fmain', '--jq', '.ref'])).toBe('refs/heads/main');
    await gh(['api', 'repos/acme/app/issues', '-f', 'title=d', '-f', 'labels[]=bug']);
    const query = `query($endCursor: String) { repository(owner: "acme", name: "app") {
      issues(first: 3, after: $endCursor) { nodes { title } pageInfo { hasNextPage endCursor } } } }`;
    const titles = ['--jq', '.data.repository.issues.nodes[].title'];
    expect(await gh(['api', 'graphql', '--paginate', '-f', `query=${query}`, ...titles])).toBe('a\nb\nc\nd');
  });

  test('sends everything to the forge, whatever host it is told', async () => {
    const forge = await aForgeWithRepository();
    const gh = await ghOf(forge, 'acme', { GH_HOST: 'github.com', GH_TOKEN: 'token-of-github' });
    const failure = await gh(['api', 'user']).catch(said);
    expect(failure).toContain('Bad credentials');
    expect(forge.requests.all({ route: '/user' })).toMatchObject([{ status: 401, login: null }]);
  });
});

test('removes the socket of gh at the end', async () => {
  const forge = await aForgeWithRepository();
  const dir = join(await temporaryDirectory(), 'gh');
  await forge.connectGh({ dir, user: { login: 'acme', token: 'token-acme' } });
  const [, socket = ''] =
    /^http_unix_socket: "(.*)"$/m.exec(await readFile(join(dir, 'config.yml'), 'utf8')) ?? [];
  expect(existsSync(socket)).toBe(true);
  await forge.close();
  expect(existsSync(socket)).toBe(false);
});
