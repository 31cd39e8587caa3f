import { EMPTY_TREE } from '../git/diff.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { ApiFailure, notFound } from '../http/failures.ts';
import { pageQuery, setLinks } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { Oid, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { commitShape, fileShape, gitCommitShape } from '../shapes/commit.ts';
import { pageOf } from '../shapes/view.ts';
import type { ForgeRoutes } from './app.ts';
import { openRepository } from './open.ts';

/** Commits, their history, and comparisons. */
export function addCommitRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/commits', async c => {
    const repository = openRepository(c, parts, 'read');
    const name = nameOf(repository);
    const from = await commitOf(parts, repository, c.req.query('sha') ?? repository.defaultBranch);
    const { perPage, number } = pageQuery(c);
    const path = c.req.query('path') ?? null;
    const skip = (number - 1) * perPage;
    // One more than the page shows whether there is a next one; the last is never counted, as on GitHub.
    const commits = await parts.commits.history(name, { from, path, skip, count: perPage + 1 });
    setLinks(c, { number, last: commits.length > perPage ? number + 1 : number });
    const view = viewOf(c, parts);
    return answer(
      c,
      commits.slice(0, perPage).map(commit => commitShape(view, name, commit)),
    );
  });

  app.get('/repos/:owner/:repo/commits/:ref{.+}', async c => {
    const repository = openRepository(c, parts, 'read');
    const name = nameOf(repository);
    const sha = await commitOf(parts, repository, pathPart(c, 'ref'));
    const commit = await parts.commits.read(name, sha);
    const files = await parts.diffs(name, { base: commit.parents[0] ?? EMPTY_TREE, head: sha });
    const additions = files.reduce((sum, file) => sum + file.additions, 0);
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
    const view = viewOf(c, parts);
    return answer(c, {
      ...commitShape(view, name, commit),
      stats: { total: additions + deletions, additions, deletions },
      files: files.map(file => fileShape(view, name, { file, sha })),
    });
  });

  app.get('/repos/:owner/:repo/git/commits/:commit_sha', async c => {
    const repository = openRepository(c, parts, 'read');
    const sha = await commitOf(parts, repository, pathPart(c, 'commit_sha'));
    const commit = await parts.commits.read(nameOf(repository), sha);
    return answer(c, gitCommitShape(viewOf(c, parts), nameOf(repository), commit));
  });

  app.get('/repos/:owner/:repo/compare/:basehead{.+}', async c => {
    const repository = openRepository(c, parts, 'read');
    return compare(c, parts, repository);
  });
}

/** The commit that a branch, tag or object name means: 404 or 422 when there is none, as on GitHub. */
export async function commitOf(parts: Parts, repository: RepositoryRecord, ref: string): Promise<Oid> {
  const name = nameOf(repository);
  const table = await parts.refs.of(name);
  const known = table.get(`refs/heads/${ref}`) ?? table.get(`refs/${ref}`);
  if (known !== undefined) return known;
  const sha = await parts.commits.resolve(name, ref);
  if (sha !== null) return sha;
  if (/^[0-9a-f]{40}$/.test(ref)) throw new ApiFailure(422, `No commit found for SHA: ${ref}`);
  throw notFound();
}

async function compare(c: ForgeContext, parts: Parts, repository: RepositoryRecord): Promise<Response> {
  const name = nameOf(repository);
  const [left = '', right = ''] = pathPart(c, 'basehead')
    .split('...')
    .map(end => end.replace(`${repository.owner}:`, ''));
  const base = await commitOf(parts, repository, left);
  const head = await commitOf(parts, repository, right);
  const mergeBase = await parts.commits.mergeBase(name, { base, head });
  if (mergeBase === null) throw notFound();
  const [ahead, behind, files, baseCommit, mergeBaseCommit] = await Promise.all([
    parts.commits.between(name, { base, head }),
    parts.commits.between(name, { base: head, head: base }),
    parts.diffs(name, { base: mergeBase, head }),
    parts.commits.read(name, base),
    parts.commits.read(name, mergeBase),
  ]);
  const view = viewOf(c, parts);
  const page = `${pageOf(view, name)}/compare/${left}...${right}`;
  return answer(c, {
    url: `${view.url}/repos/${name}/compare/${left}...${right}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitShape(view, name, baseCommit),
    merge_base_commit: commitShape(view, name, mergeBaseCommit),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.map(commit => commitShape(view, name, commit)),
    files: files.map(file => fileShape(view, name, { file, sha: head })),
  });
}

function statusOf(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}
