import { allows, roleIn } from '../access.ts';
import { createRepository } from '../board/repositories.ts';
import { stamp } from '../clock.ts';
import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { invalid, notFound } from '../http/failures.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { MergeMethod, RepositoryRecord, Role } from '../records.ts';
import { nameOf } from '../records.ts';
import { fullRepositoryShape } from '../shapes/repository.ts';
import { userShape } from '../shapes/user.ts';
import type { ForgeRoutes } from './app.ts';
import { openRepository, readFields, signedIn } from './open.ts';

/** Repositories and who may do what in them. */
export function addRepositoryRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo', c => {
    const repository = openRepository(c, parts, 'read');
    return answer(c, fullRepositoryShape(viewOf(c, parts), repository));
  });

  app.patch('/repos/:owner/:repo', async c => {
    const fields = await readFields(c, 'Repository');
    const description = fields.nullable('description');
    const branch = fields.text('default_branch');
    const head =
      branch === undefined ? {} : await switchBranch(parts, openRepository(c, parts, 'admin'), branch);
    const repository = openRepository(c, parts, 'admin');
    const methods: readonly MergeMethod[] = (['merge', 'squash', 'rebase'] as const).filter(
      method => fields.flag(METHOD_FIELDS[method]) ?? repository.mergeMethods.includes(method),
    );
    const changed = parts.store.putRepository({
      ...repository,
      description: description === undefined ? repository.description : description,
      private: fields.flag('private') ?? repository.private,
      archived: fields.flag('archived') ?? repository.archived,
      hasIssues: fields.flag('has_issues') ?? repository.hasIssues,
      deleteBranchOnMerge: fields.flag('delete_branch_on_merge') ?? repository.deleteBranchOnMerge,
      ...head,
      mergeMethods: methods,
      updatedAt: stamp(parts.clock, repository.updatedAt),
    });
    return answer(c, fullRepositoryShape(viewOf(c, parts), changed));
  });

  app.post('/user/repos', c => create(c, parts, signedIn(c)));
  app.post('/orgs/:org/repos', c => create(c, parts, pathPart(c, 'org')));

  app.get('/repos/:owner/:repo/collaborators', c => {
    const repository = openRepository(c, parts, 'write');
    const needed = NEEDED[c.req.query('permission') ?? 'pull'] ?? 'read';
    const logins = [repository.owner, ...Object.keys(repository.roles ?? {})].filter(
      (login, at, all) =>
        parts.accounts.isUser(login) &&
        all.indexOf(login) === at &&
        allows(roleIn(parts.accounts, repository, login), needed),
    );
    const view = viewOf(c, parts);
    return answerPage(c, logins, login => {
      const role = roleIn(parts.accounts, repository, login);
      const may = Object.entries(NEEDED).map(([name, least]) => [name, allows(role, least)]);
      return { ...userShape(view, login), permissions: Object.fromEntries(may), role_name: role };
    });
  });

  app.get('/repos/:owner/:repo/collaborators/:username/permission', c => {
    const repository = openRepository(c, parts, 'read');
    const login = pathPart(c, 'username');
    if (parts.store.account(login) === undefined) throw notFound();
    const role = roleIn(parts.accounts, repository, login) ?? 'none';
    const permission = { maintain: 'write', triage: 'read' }[role as string] ?? role;
    return answer(c, {
      permission,
      role_name: role,
      user: { ...userShape(viewOf(c, parts), login), role_name: role },
    });
  });

  app.get('/repos/:owner/:repo/collaborators/:username', c => {
    const repository = openRepository(c, parts, 'write');
    const role = roleIn(parts.accounts, { ...repository, private: true }, pathPart(c, 'username'));
    if (!allows(role, 'read')) throw notFound();
    return answerNothing(c);
  });
}

/** GitHub's names of permissions, and the role that each takes. */
const NEEDED: Readonly<Record<string, Role>> = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

async function switchBranch(parts: Parts, repository: RepositoryRecord, branch: string) {
  const name = nameOf(repository);
  const seenTip = await parts.refs.tip(name, branch);
  if (seenTip === null) throw invalid({ resource: 'Repository', field: 'default_branch', code: 'invalid' });
  await parts.git.run(name, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  return { defaultBranch: branch, seenTip };
}

const METHOD_FIELDS = {
  merge: 'allow_merge_commit',
  squash: 'allow_squash_merge',
  rebase: 'allow_rebase_merge',
} as const;

async function create(c: ForgeContext, parts: Parts, owner: string): Promise<Response> {
  const login = signedIn(c);
  const fields = await readFields(c, 'Repository');
  const name = fields.requiredText('name');
  const repository = await createRepository(parts, {
    owner,
    name,
    by: login,
    description: fields.nullable('description') ?? null,
    private: fields.flag('private') ?? false,
    defaultBranch: 'main',
    roles: { [login]: 'admin' },
    copyOf: null,
    files: fields.flag('auto_init') === true ? { 'README.md': `# ${name}\n` } : {},
  });
  return answer(c, fullRepositoryShape(viewOf(c, parts), repository), 201);
}
