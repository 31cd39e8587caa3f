import type { BranchMove } from '../board/branch-rules.ts';
import { refusalsOf } from '../board/branch-rules.ts';
import { settleRefs } from '../board/settle.ts';
import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { ApiFailure, notFound } from '../http/failures.ts';
import type { Parts } from '../parts.ts';
import type { Oid, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import type { View } from '../shapes/view.ts';
import { apiOf, nodeId } from '../shapes/view.ts';
import type { ForgeRoutes } from './app.ts';
import { openRepository, readFields, signedIn } from './open.ts';

/** Refs of any namespace over the API. */
export function addRefRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/git/ref/:ref{.+}', async c => {
    const repository = openRepository(c, parts, 'read');
    const { ref, sha } = await findRef(c, parts, repository);
    return answer(c, await refShape(viewOf(c, parts), parts, { repository, ref, sha }));
  });

  app.get('/repos/:owner/:repo/git/matching-refs/:ref{.+}', async c => {
    const repository = openRepository(c, parts, 'read');
    const prefix = `refs/${pathPart(c, 'ref')}`;
    const table = await parts.refs.of(nameOf(repository));
    const rows = [...table].filter(([ref]) => ref.startsWith(prefix));
    const view = viewOf(c, parts);
    return answer(
      c,
      await Promise.all(rows.map(([ref, sha]) => refShape(view, parts, { repository, ref, sha }))),
    );
  });

  app.post('/repos/:owner/:repo/git/refs', async c => {
    const repository = openRepository(c, parts, 'write');
    const fields = await readFields(c, 'Reference');
    const ref = fields.requiredText('ref');
    const sha = await commitFor(parts, repository, fields.requiredText('sha'));
    if (!/^refs\/[^/]+\/./.test(ref) || isHidden(ref)) throw new ApiFailure(422, 'Reference name invalid');
    const created = await moveRef(c, parts, repository, { ref, from: null, to: sha });
    if (!created) throw new ApiFailure(422, 'Reference already exists');
    const shape = await refShape(viewOf(c, parts), parts, { repository, ref, sha });
    c.header('location', shape.url);
    return answer(c, shape, 201);
  });

  app.patch('/repos/:owner/:repo/git/refs/:ref{.+}', async c => {
    const repository = openRepository(c, parts, 'write');
    const { ref, sha: from } = await findRef(c, parts, repository);
    const fields = await readFields(c, 'Reference');
    const sha = await commitFor(parts, repository, fields.requiredText('sha'));
    const pair = { ancestor: from, commit: sha };
    if (fields.flag('force') !== true && !(await parts.commits.isAncestor(nameOf(repository), pair))) {
      throw new ApiFailure(422, 'Update is not a fast forward');
    }
    await refuseByRules(c, parts, repository, { ref, from, to: sha });
    if (!(await moveRef(c, parts, repository, { ref, from, to: sha }))) {
      throw new ApiFailure(422, 'Reference cannot be updated');
    }
    return answer(c, await refShape(viewOf(c, parts), parts, { repository, ref, sha }));
  });

  app.delete('/repos/:owner/:repo/git/refs/:ref{.+}', async c => {
    const repository = openRepository(c, parts, 'write');
    const { ref, sha } = await findRef(c, parts, repository).catch(() => {
      throw new ApiFailure(422, 'Reference does not exist');
    });
    await refuseByRules(c, parts, repository, { ref, from: sha, to: null });
    if (!(await moveRef(c, parts, repository, { ref, from: sha, to: null }))) {
      throw new ApiFailure(422, 'Reference cannot be deleted');
    }
    return answerNothing(c);
  });
}

async function refuseByRules(
  c: ForgeContext,
  parts: Parts,
  repository: RepositoryRecord,
  move: BranchMove,
): Promise<void> {
  if (isHidden(move.ref)) throw new ApiFailure(422, 'Reference cannot be updated');
  const [reason] = await refusalsOf(parts, { repository, login: signedIn(c), move });
  if (reason !== undefined) throw new ApiFailure(422, reason);
}

/** Moves a ref in turn, and brings the board in line. Refs of pull requests belong to the forge. */
async function moveRef(
  c: ForgeContext,
  parts: Parts,
  repository: RepositoryRecord,
  move: BranchMove,
): Promise<boolean> {
  const name = nameOf(repository);
  return parts.inTurn(name, async () => {
    const moved = await parts.refs.move(name, [move]);
    await settleRefs(parts, name, signedIn(c));
    return moved;
  });
}

async function findRef(
  c: ForgeContext,
  parts: Parts,
  repository: RepositoryRecord,
): Promise<{ ref: string; sha: Oid }> {
  const ref = `refs/${pathPart(c, 'ref')}`;
  const sha = (await parts.refs.of(nameOf(repository))).get(ref);
  if (sha === undefined) throw notFound();
  return { ref, sha };
}

async function commitFor(parts: Parts, repository: RepositoryRecord, sha: string): Promise<Oid> {
  const known = /^[0-9a-f]{40}$/.test(sha) ? await parts.commits.resolve(nameOf(repository), sha) : null;
  if (known === null) throw new ApiFailure(422, 'Object does not exist');
  return known;
}

function isHidden(ref: string): boolean {
  return ref.startsWith('refs/pull/');
}

/** GitHub's `git-ref`. Only branches are sure to point to commits; of others git is asked. */
async function refShape(
  view: View,
  parts: Parts,
  { repository, ref, sha }: { repository: RepositoryRecord; ref: string; sha: Oid },
) {
  const api = apiOf(view, nameOf(repository));
  const type = ref.startsWith('refs/tags/')
    ? (await parts.git.run(nameOf(repository), ['cat-file', '-t', sha])).trim()
    : 'commit';
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${api}/git/${ref}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  };
}
