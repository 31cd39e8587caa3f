import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { ProtectionRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { branchShape, protectionShape, shortBranchShape } from '../shapes/branch.ts';
import type { ForgeRoutes } from './app.ts';
import { openRepository, readFields } from './open.ts';

/** Branches and their protection. */
export function addBranchRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/branches', async c => {
    const repository = openRepository(c, parts, 'read');
    const table = await parts.refs.of(nameOf(repository));
    const wanted = c.req.query('protected');
    const rows = [...table]
      .filter(([ref]) => ref.startsWith('refs/heads/'))
      .map(([ref, sha]) => ({ name: ref.slice('refs/heads/'.length), sha }))
      .filter(({ name }) => wanted === undefined || (wanted === 'true') === name in repository.protections);
    const view = viewOf(c, parts);
    return answerPage(c, rows, branch => shortBranchShape(view, repository, branch));
  });

  const protection = '/repos/:owner/:repo/branches/:branch{.+}/protection';

  app.get(protection, async c => {
    const repository = openRepository(c, parts, 'admin');
    const { name } = await findBranch(c, parts, repository);
    const rules = repository.protections[name];
    if (rules === undefined) throw new ApiFailure(404, 'Branch not protected');
    return answer(c, protectionShape(viewOf(c, parts), repository, { name, rules }));
  });

  app.put(protection, async c => {
    const rules = protectionFrom(await readFields(c, 'ProtectedBranch'));
    const { name } = await findBranch(c, parts, openRepository(c, parts, 'admin'));
    const repository = openRepository(c, parts, 'admin');
    const protections = { ...repository.protections, [name]: rules };
    parts.store.putRepository({ ...repository, protections });
    return answer(c, protectionShape(viewOf(c, parts), repository, { name, rules }));
  });

  app.delete(protection, async c => {
    const { name } = await findBranch(c, parts, openRepository(c, parts, 'admin'));
    const repository = openRepository(c, parts, 'admin');
    const { [name]: rules, ...protections } = repository.protections;
    if (rules === undefined) throw new ApiFailure(404, 'Branch not protected');
    parts.store.putRepository({ ...repository, protections });
    return answerNothing(c);
  });

  app.get('/repos/:owner/:repo/branches/:branch{.+}', async c => {
    const repository = openRepository(c, parts, 'read');
    const branch = await findBranch(c, parts, repository);
    const commit = await parts.commits.read(nameOf(repository), branch.sha);
    return answer(c, branchShape(viewOf(c, parts), repository, { name: branch.name, commit }));
  });
}

async function findBranch(
  c: ForgeContext,
  { refs }: Parts,
  repository: RepositoryRecord,
): Promise<{ name: string; sha: string }> {
  const name = pathPart(c, 'branch');
  const sha = await refs.tip(nameOf(repository), name);
  if (sha === null) throw new ApiFailure(404, 'Branch not found');
  return { name, sha };
}

function protectionFrom(fields: Fields): ProtectionRecord {
  const checks = fields.object('required_status_checks') ?? null;
  const reviews = fields.object('required_pull_request_reviews') ?? null;
  return {
    checks: checks === null ? null : { strict: checks.flag('strict') ?? false, contexts: contextsOf(checks) },
    reviews:
      reviews === null
        ? null
        : {
            approvals: reviews.number('required_approving_review_count') ?? 1,
            dismissStale: reviews.flag('dismiss_stale_reviews') ?? false,
          },
    enforceAdmins: fields.flag('enforce_admins') ?? false,
    linearHistory: fields.flag('required_linear_history') ?? false,
    allowForcePushes: fields.flag('allow_force_pushes') ?? false,
    allowDeletions: fields.flag('allow_deletions') ?? false,
  };
}

/** `contexts` is the old name of `checks`; GitHub takes both. */
function contextsOf(checks: Fields): readonly string[] {
  const named = checks.texts('contexts') ?? [];
  const raw = (checks.raw as { checks?: readonly { context?: unknown }[] }).checks ?? [];
  return [...new Set([...named, ...raw.map(({ context }) => String(context))])];
}
