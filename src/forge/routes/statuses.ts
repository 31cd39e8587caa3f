import { advanceQueues } from '../board/merge-queue.ts';
import { combinedState, newestRuns, newestStatuses } from '../board/rollup.ts';
import { stamp } from '../clock.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { answerPage, pageOfRows, setLinks } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { CheckRunRecord, CommitRecord, Oid, RepositoryRecord, StatusRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { minimalRepositoryShape } from '../shapes/repository.ts';
import { checkRunShape, simpleStatusShape, statusShape } from '../shapes/status.ts';
import { apiOf } from '../shapes/view.ts';
import type { ForgeRoutes } from './app.ts';
import { commitOf } from './commits.ts';
import { openRepository, readFields, signedIn } from './open.ts';

/** Commit statuses and check runs. */
export function addStatusRoutes(app: ForgeRoutes, parts: Parts): void {
  app.post('/repos/:owner/:repo/statuses/:sha', async c => {
    const repository = openRepository(c, parts, 'write');
    const sha = await commitOf(parts, repository, pathPart(c, 'sha'));
    const status = statusFrom(parts, await readFields(c, 'Status'), signedIn(c));
    const commit = commitRecord(parts, repository, sha);
    await putCommit(parts, { ...commit, statuses: [...commit.statuses, status] });
    return answer(c, statusShape(viewOf(c, parts), { repository, sha, status }), 201);
  });

  app.get('/repos/:owner/:repo/commits/:ref{.+}/status', async c => {
    const { repository, sha, commit } = await openCommit(c, parts);
    const view = viewOf(c, parts);
    const api = apiOf(view, nameOf(repository));
    const statuses = newestStatuses(commit);
    const page = pageOfRows(c, statuses);
    setLinks(c, page);
    return answer(c, {
      state: combinedState(statuses),
      statuses: page.rows.map(status => simpleStatusShape(view, { repository, sha, status })),
      sha,
      total_count: statuses.length,
      repository: minimalRepositoryShape(view, repository),
      commit_url: `${api}/commits/${sha}`,
      url: `${api}/commits/${sha}/status`,
    });
  });

  app.get('/repos/:owner/:repo/commits/:ref{.+}/statuses', async c => {
    const { repository, sha, commit } = await openCommit(c, parts);
    const view = viewOf(c, parts);
    return answerPage(c, [...commit.statuses].reverse(), status =>
      statusShape(view, { repository, sha, status }),
    );
  });

  app.post('/repos/:owner/:repo/check-runs', async c => {
    const repository = openRepository(c, parts, 'write');
    const fields = await readFields(c, 'CheckRun');
    const sha = await commitOf(parts, repository, fields.requiredText('head_sha'));
    const run = checkRunFrom(parts, fields, {
      ...EMPTY_RUN,
      id: parts.store.nextId(),
      name: fields.requiredText('name'),
    });
    const commit = commitRecord(parts, repository, sha);
    await putCommit(parts, { ...commit, checkRuns: [...commit.checkRuns, run] });
    return answer(c, checkRunShape(viewOf(c, parts), { repository, sha, run }), 201);
  });

  app.patch('/repos/:owner/:repo/check-runs/:check_run_id', async c => {
    const fields = await readFields(c, 'CheckRun');
    const repository = openRepository(c, parts, 'write');
    const id = Number(pathPart(c, 'check_run_id'));
    const commit = parts.store
      .commits(nameOf(repository))
      .find(({ checkRuns }) => checkRuns.some(run => run.id === id));
    const known = commit?.checkRuns.find(run => run.id === id);
    if (commit === undefined || known === undefined) throw notFound();
    const run = checkRunFrom(parts, fields, known);
    await putCommit(parts, {
      ...commit,
      checkRuns: commit.checkRuns.map(other => (other.id === id ? run : other)),
    });
    return answer(c, checkRunShape(viewOf(c, parts), { repository, sha: commit.sha, run }));
  });

  app.get('/repos/:owner/:repo/actions/jobs/:job_id/logs', c => {
    const repository = openRepository(c, parts, 'read');
    const job = `/job/${pathPart(c, 'job_id')}`;
    const runs = parts.store.commits(nameOf(repository)).flatMap(({ checkRuns }) => checkRuns);
    const run = runs.find(({ detailsUrl }) => detailsUrl?.endsWith(job));
    if (run?.text == null) throw notFound();
    return c.redirect(`${parts.url}/_forge/logs/${run.id}`, 302);
  });

  app.get('/repos/:owner/:repo/commits/:ref{.+}/check-runs', async c => {
    const { repository, sha, commit } = await openCommit(c, parts);
    const name = c.req.query('check_name');
    const runs = newestRuns(commit).filter(run => name === undefined || run.name === name);
    const page = pageOfRows(c, runs);
    setLinks(c, page);
    const view = viewOf(c, parts);
    const shapes = page.rows.map(run => checkRunShape(view, { repository, sha, run }));
    return answer(c, { total_count: runs.length, check_runs: shapes });
  });
}

async function openCommit(
  c: ForgeContext,
  parts: Parts,
): Promise<{ repository: RepositoryRecord; sha: Oid; commit: CommitRecord }> {
  const repository = openRepository(c, parts, 'read');
  const sha = await commitOf(parts, repository, pathPart(c, 'ref'));
  return { repository, sha, commit: commitRecord(parts, repository, sha) };
}

/** What a report changes, and what a merge queue makes of it. */
async function putCommit(parts: Parts, commit: CommitRecord): Promise<void> {
  parts.store.putCommit(commit);
  const { repository } = commit;
  await parts.inTurn(repository, () => advanceQueues(parts, repository));
}

function commitRecord({ store }: Parts, repository: RepositoryRecord, sha: Oid): CommitRecord {
  const name = nameOf(repository);
  return store.commit(name, sha) ?? { repository: name, sha, statuses: [], checkRuns: [] };
}

function statusFrom({ store, clock }: Parts, fields: Fields, creator: string): StatusRecord {
  fields.requiredText('state');
  return {
    id: store.nextId(),
    state: fields.choice('state', ['error', 'failure', 'pending', 'success']) ?? 'pending',
    context: fields.text('context') ?? 'default',
    description: fields.nullable('description') ?? null,
    targetUrl: fields.nullable('target_url') ?? null,
    creator,
    createdAt: stamp(clock),
  };
}

const EMPTY_RUN = {
  status: 'queued',
  conclusion: null,
  externalId: null,
  detailsUrl: null,
  title: null,
  summary: null,
  startedAt: '',
  completedAt: null,
} as const;

/** The run with what a body says; a conclusion completes it. */
function checkRunFrom({ clock }: Parts, fields: Fields, run: CheckRunRecord): CheckRunRecord {
  const conclusion = fields.text('conclusion') ?? run.conclusion;
  const status = fields.choice('status', ['queued', 'in_progress', 'completed']);
  const output = fields.object('output');
  return {
    ...run,
    conclusion,
    status: conclusion === null ? (status ?? run.status) : 'completed',
    externalId: fields.text('external_id') ?? run.externalId,
    detailsUrl: fields.text('details_url') ?? run.detailsUrl,
    title: output?.text('title') ?? run.title,
    summary: output?.text('summary') ?? run.summary,
    text: output?.text('text') ?? run.text ?? null,
    startedAt: fields.text('started_at') ?? (run.startedAt || stamp(clock)),
    completedAt:
      conclusion === null ? null : (fields.text('completed_at') ?? run.completedAt ?? stamp(clock)),
  };
}
