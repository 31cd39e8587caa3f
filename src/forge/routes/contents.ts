import { writeFileCommit } from '../board/write-file.ts';
import { answer, answerUnlessKnown } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { ApiFailure, notFound } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { Oid, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { gitCommitShape } from '../shapes/commit.ts';
import type { TreeEntry } from '../shapes/content.ts';
import { contentShape } from '../shapes/content.ts';
import type { ForgeRoutes } from './app.ts';
import { commitOf } from './commits.ts';
import { openRepository, readFields, signedIn } from './open.ts';

/** Files and directories of a commit, and one file at a time written to a branch. */
export function addContentRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/contents', c => showPath(c, parts, ''));
  app.get('/repos/:owner/:repo/contents/:path{.+}', c => showPath(c, parts, pathPart(c, 'path')));

  app.get('/repos/:owner/:repo/readme', async c => {
    const repository = openRepository(c, parts, 'read');
    const commit = await commitOf(parts, repository, refOf(c, repository));
    const entries = await entriesAt(parts, repository, { commit, path: '' });
    const readme = entries.find(({ type, path }) => type === 'blob' && /^readme(\.|$)/i.test(path));
    if (readme === undefined) throw notFound();
    return showPath(c, parts, readme.path);
  });

  app.put('/repos/:owner/:repo/contents/:path{.+}', async c => {
    const fields = await readFields(c, 'Content');
    const repository = openRepository(c, parts, 'write');
    const name = nameOf(repository);
    const path = pathPart(c, 'path');
    const write = {
      branch: fields.text('branch') ?? repository.defaultBranch,
      path,
      content: Buffer.from(fields.text('content') ?? '', 'base64'),
      message: fields.requiredText('message'),
      replaces: fields.text('sha') ?? null,
      by: signedIn(c),
    };
    const { commit, created } = await parts.inTurn(name, () => writeFileCommit(parts, repository, write));
    const view = viewOf(c, parts);
    const [entry] = await entriesAt(parts, repository, { commit, path });
    if (entry === undefined) throw notFound();
    const content = contentShape(view, name, { entry, ref: write.branch, content: null });
    const shape = gitCommitShape(view, name, await parts.commits.read(name, commit));
    return answer(c, { content, commit: shape }, created ? 201 : 200);
  });
}

async function showPath(c: ForgeContext, parts: Parts, path: string): Promise<Response> {
  const repository = openRepository(c, parts, 'read');
  const name = nameOf(repository);
  const ref = refOf(c, repository);
  const commit = await commitOf(parts, repository, ref);
  const [entry] = path === '' ? [] : await entriesAt(parts, repository, { commit, path });
  const view = viewOf(c, parts);
  if (path !== '' && entry === undefined) throw notFound();
  if (entry === undefined || entry.type === 'tree') {
    const entries = await entriesAt(parts, repository, { commit, path: path === '' ? '' : `${path}/` });
    return answer(
      c,
      entries.map(row => contentShape(view, name, { entry: row, ref, content: null })),
    );
  }
  const bytes = await parts.git.bytes(name, ['cat-file', 'blob', entry.sha]);
  if (/[.+]raw\b/.test(c.req.header('accept') ?? '')) {
    c.header('content-type', 'application/vnd.github.raw; charset=utf-8');
    return answerUnlessKnown(c, bytes);
  }
  const content = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{60}(?=.)/g, '$&\n');
  return answer(c, contentShape(view, name, { entry, ref, content: `${content}\n` }));
}

function refOf(c: ForgeContext, repository: RepositoryRecord): string {
  return c.req.query('ref') ?? repository.defaultBranch;
}

/** What a commit has at a path; with a slash at its end, what is in that directory. */
async function entriesAt(
  { git }: Parts,
  repository: RepositoryRecord,
  { commit, path }: { commit: Oid; path: string },
): Promise<readonly TreeEntry[]> {
  if (path.split('/').includes('..')) throw new ApiFailure(422, 'path contains a malformed path component');
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '-l', commit, ...(path === '' ? [] : ['--', path])];
  const rows = await git.run(nameOf(repository), args);
  return rows
    .split('\0')
    .filter(row => row !== '')
    .map(row => {
      const [, mode = '', type = '', sha = '', size = '', at = ''] =
        /^(\d+) (\w+) ([0-9a-f]{40})\s+(\S+)\t([\s\S]*)$/.exec(row) ?? [];
      return { mode, type, sha, size: Number(size) || 0, path: at };
    });
}
