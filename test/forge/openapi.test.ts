import { expect, test } from 'vitest';
import type { Forge } from '../../src/forge/index.ts';
import { aClone, aForgeWithRepository, commitFile, git, pushBranch } from './a-forge.ts';
import type { Answer } from './openapi.ts';
import { problemsOf } from './openapi.ts';

type Ask = (request: string, body?: unknown, token?: string) => Promise<Answer & { readonly body: never }>;

/** Asks over plain HTTP, so that nothing stands between the answer and its check. */
function recorder(forge: Forge): { ask: Ask; answers: Answer[] } {
  const answers: Answer[] = [];
  const ask: Ask = async (request, body, token = 'token-acme') => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${forge.apiUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const route = forge.requests.all().at(-1)?.route ?? '';
    const answer = { method, route, status: response.status, body: text === '' ? null : JSON.parse(text) };
    answers.push(answer);
    return answer as never;
  };
  return { ask, answers };
}

const APP = '/repos/acme/app';

async function talkAboutIssues(ask: Ask): Promise<void> {
  const first: { body: { id: number } } = await ask(`POST ${APP}/issues`, {
    title: 'One',
    body: 'x',
    labels: ['bug'],
  });
  const second: { body: { id: number } } = await ask(`POST ${APP}/issues`, {
    title: 'Two',
    assignees: ['bob'],
  });
  await ask(`PATCH ${APP}/issues/1`, {
    title: 'First',
    body: null,
    labels: ['bug', 'new'],
    state_reason: 'reopened',
  });
  await ask(`GET ${APP}/issues?state=all&sort=updated&direction=asc&since=2020-01-01T00:00:00Z`);
  await ask(`POST ${APP}/issues/1/labels`, { labels: ['more'] });
  await ask(`PUT ${APP}/issues/1/labels`, { labels: ['bug'] });
  await ask(`GET ${APP}/issues/1/labels`);
  await ask(`DELETE ${APP}/issues/1/labels/bug`);
  await ask(`DELETE ${APP}/issues/1/labels`);
  const comment: { body: { id: number } } = await ask(`POST ${APP}/issues/1/comments`, { body: 'Hello' });
  await ask(`GET ${APP}/issues/comments/${comment.body.id}`);
  await ask(`PATCH ${APP}/issues/comments/${comment.body.id}`, { body: 'Hello again' });
  await ask(`GET ${APP}/issues/1/comments`);
  await ask(`GET ${APP}/issues/comments?sort=updated&direction=desc`);
  await ask(`DELETE ${APP}/issues/comments/${comment.body.id}`);
  await ask(`POST ${APP}/issues/1/dependencies/blocked_by`, { issue_id: second.body.id });
  await ask(`GET ${APP}/issues/1/dependencies/blocked_by`);
  await ask(`GET ${APP}/issues/2/dependencies/blocking`);
  await ask(`DELETE ${APP}/issues/1/dependencies/blocked_by/${second.body.id}`);
  await ask(`POST ${APP}/issues/2/sub_issues`, { sub_issue_id: first.body.id });
  await ask(`GET ${APP}/issues/2/sub_issues`);
  await ask(`GET ${APP}/issues/1/parent`);
  await ask(`GET ${APP}/issues/1`);
  await ask(`DELETE ${APP}/issues/2/sub_issue`, { sub_issue_id: first.body.id });
  await ask(`PATCH ${APP}/issues/1`, { state: 'closed', state_reason: 'not_planned' });
  await ask(`POST ${APP}/labels`, { name: 'a/b', color: 'ff0000', description: 'With a slash' });
  await ask(`GET ${APP}/labels/a%2Fb`);
  await ask(`PATCH ${APP}/labels/a%2Fb`, { new_name: 'c' });
  await ask(`GET ${APP}/labels`);
  await ask(`DELETE ${APP}/labels/c`);
}

async function readCode(ask: Ask, head: string): Promise<void> {
  await ask(`GET ${APP}/commits?path=README.md`);
  await ask(`GET ${APP}/commits/work`);
  await ask(`GET ${APP}/git/commits/${head}`);
  await ask(`GET ${APP}/compare/main...work`);
  await ask(`GET ${APP}/contents/src/a.txt?ref=work`);
  await ask(`GET ${APP}/contents/src`);
  await ask(`GET ${APP}/readme`);
  const file: { body: { content: { sha: string } } } = await ask(`PUT ${APP}/contents/docs/x.md`, {
    message: 'Write',
    content: 'eA==',
    branch: 'work',
  });
  await ask(`PUT ${APP}/contents/docs/x.md`, {
    message: 'Rewrite',
    content: 'eXk=',
    branch: 'work',
    sha: file.body.content.sha,
  });
  await ask(`GET ${APP}/branches`);
  await ask(`GET ${APP}/branches/work`);
  await ask(`POST ${APP}/git/refs`, { ref: 'refs/harness/x', sha: head });
  await ask(`GET ${APP}/git/ref/harness/x`);
  await ask(`GET ${APP}/git/matching-refs/harness`);
  await ask(`PATCH ${APP}/git/refs/harness/x`, { sha: head, force: true });
  await ask(`DELETE ${APP}/git/refs/harness/x`);
}

async function landPull(ask: Ask, head: string): Promise<void> {
  await ask(`POST ${APP}/pulls`, { title: 'Work', head: 'work', base: 'main', body: 'Closes #2' });
  await ask(`GET ${APP}/pulls?head=acme:work&state=all`);
  await ask(`POST ${APP}/pulls/3/requested_reviewers`, { reviewers: ['bob'] });
  const review: { body: { id: number } } = await ask(
    `POST ${APP}/pulls/3/reviews`,
    { event: 'APPROVE' },
    'token-bob',
  );
  await ask(`PUT ${APP}/pulls/3/reviews/${review.body.id}/dismissals`, { message: 'Again' });
  await ask(`GET ${APP}/pulls/3/reviews`);
  await ask(`POST ${APP}/statuses/${head}`, { state: 'success', context: 'ci', description: 'Fine' });
  await ask(`GET ${APP}/commits/${head}/status`);
  await ask(`GET ${APP}/commits/${head}/statuses`);
  await ask(`POST ${APP}/check-runs`, { name: 'lint', head_sha: head, status: 'in_progress' });
  const runs: { body: { check_runs: { id: number }[] } } = await ask(`GET ${APP}/commits/${head}/check-runs`);
  await ask(`PATCH ${APP}/check-runs/${runs.body.check_runs[0]?.id}`, {
    conclusion: 'success',
    details_url: 'https://github.com/acme/app/actions/runs/1/job/2',
    output: { title: 'Fine', summary: 'Fine', text: 'fine\n' },
  });
  await ask(`GET ${APP}/actions/jobs/2/logs`);
  await ask(`PUT ${APP}/branches/main/protection`, {
    required_status_checks: { strict: true, contexts: ['ci'] },
    enforce_admins: false,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  });
  await ask(`GET ${APP}/branches/main/protection`);
  await ask(`GET ${APP}/branches/main`);
  await ask(`PATCH ${APP}/pulls/3`, { title: 'Work it' });
  await ask(`GET ${APP}/pulls/3`);
  await ask(`GET ${APP}/pulls/3/files`);
  await ask(`GET ${APP}/pulls/3/commits`);
  await ask(`PUT ${APP}/pulls/3/merge`, { merge_method: 'squash' });
  await ask(`GET ${APP}/pulls/3/merge`);
  await ask(`GET ${APP}/issues/3`);
  await ask(`DELETE ${APP}/branches/main/protection`);
  const ruleset: { body: { id: number } } = await ask(`POST ${APP}/rulesets`, {
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'] } },
    rules: [{ type: 'merge_queue' }],
  });
  await ask(`GET ${APP}/rules/branches/main`);
  await ask(`DELETE ${APP}/rulesets/${ruleset.body.id}`);
}

async function lookAround(ask: Ask): Promise<void> {
  for (const path of ['/', '/user', '/users/bob', '/rate_limit', '/meta', APP]) await ask(`GET ${path}`);
  await ask(`GET ${APP}/collaborators?permission=push`);
  await ask(`GET ${APP}/collaborators/bob/permission`);
  await ask(`GET ${APP}/collaborators/bob`);
  await ask(`PATCH ${APP}`, { description: 'An app', delete_branch_on_merge: true });
  await ask('POST /user/repos', { name: 'mine', auto_init: true });
  await ask('POST /orgs/team/repos', { name: 'ours' });
}

test('answers every route in the shape that GitHub publishes', async () => {
  const forge = await aForgeWithRepository();
  const clone = await aClone(forge);
  const head = await pushBranch(clone, 'work', { path: 'src/a.txt', text: 'one\n2\nthree\n' });
  await git(clone, 'mv', 'README.md', 'READ.md');
  await commitFile(clone, 'binary.bin', '\0\u0001');
  await git(clone, 'push', '--quiet', 'origin', 'work');
  const { ask, answers } = recorder(forge);

  await talkAboutIssues(ask);
  await readCode(ask, head);
  await landPull(ask, head);
  await lookAround(ask);

  expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
  expect(answers.flatMap(problemsOf)).toEqual([]);
  const asked = new Set(answers.map(({ method, route }) => `${method} ${route}`));
  const described = forge.routes.filter(route => !BEYOND_THE_DESCRIPTION.test(route));
  expect(described.filter(route => !asked.has(route))).toEqual([]);
});

/** git, GraphQL, and the root directory, which the description does not list beside `{path}`. */
const BEYOND_THE_DESCRIPTION = / (\/\{owner\}\/.*|\/graphql|.*\/contents)$/;

test('refuses in the shape that GitHub publishes', async () => {
  const forge = await aForgeWithRepository();
  const { ask, answers } = recorder(forge);
  const clone = await aClone(forge);
  for (const branch of ['one', 'two']) {
    await pushBranch(clone, branch, { path: 'src/a.txt', text: branch });
    await ask(`POST ${APP}/pulls`, { title: branch, head: branch, base: 'main' });
  }
  await ask(`PUT ${APP}/pulls/1/merge`, {});
  const refusals = [
    await ask(`GET ${APP}/issues/99`),
    await ask(`GET ${APP}/issues?since=never`),
    await ask(`POST ${APP}/issues`, { title: '' }),
    await ask(`POST ${APP}/labels`, { name: 'bug' }),
    await ask(`POST ${APP}/pulls`, { title: 'T', head: 'two', base: 'main' }),
    await ask(`PUT ${APP}/pulls/2/merge`, {}),
    await ask(`PUT ${APP}/pulls/2/merge`, { sha: '0'.repeat(40) }),
    await ask(`POST ${APP}/git/refs`, { ref: 'refs/heads/two', sha: '0'.repeat(40) }),
    await ask(`PUT ${APP}/contents/README.md`, { message: 'm', content: 'eA==' }),
    await ask(`GET ${APP}/branches/main/protection`),
    await ask(`PATCH ${APP}`, { description: 'x' }, 'token-bob'),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([
    404, 422, 422, 422, 422, 405, 409, 422, 422, 404, 403,
  ]);
  expect(answers.flatMap(problemsOf)).toEqual([]);
});

test('tells a wrong answer from a right one', () => {
  const answer = { method: 'GET', route: '/rate_limit', status: 200, body: { rate: {} } };
  expect(problemsOf(answer).join('\n')).toContain("must have required property 'resources'");
});
