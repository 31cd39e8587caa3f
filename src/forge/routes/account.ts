import { answer } from '../http/answers.ts';
import { loginOf, viewOf } from '../http/environment.ts';
import { notFound } from '../http/failures.ts';
import type { Limits } from '../http/limits.ts';
import type { Parts } from '../parts.ts';
import { privateUserShape, userShape } from '../shapes/user.ts';
import type { ForgeRoutes } from './app.ts';
import { signedIn } from './open.ts';

/** The root, the user, limits and what GitHub tells about itself. */
export function addAccountRoutes(app: ForgeRoutes, parts: Parts, limits: Limits): void {
  app.get('/', c => answer(c, rootShape(parts.url)));

  app.get('/user', c => answer(c, privateUserShape(viewOf(c, parts), parts.accounts.named(signedIn(c)))));

  app.get('/users/:username', c => {
    const account = parts.store.account(c.req.param('username'));
    if (account === undefined) throw notFound();
    const { plan, two_factor_authentication, ...shape } = privateUserShape(viewOf(c, parts), account);
    return answer(c, { ...shape, ...userShape(viewOf(c, parts), account.login) });
  });

  app.get('/rate_limit', c => {
    const login = loginOf(c);
    const core = limits.quotaOf(login, 'core');
    const graphql = limits.quotaOf(login, 'graphql');
    const search = limits.quotaOf(login, 'search');
    return answer(c, { resources: { core, graphql, search }, rate: core });
  });

  app.get('/meta', c => {
    const isEnterprise = new URL(c.req.url).pathname.startsWith('/api/v3/');
    const version = isEnterprise ? { installed_version: ENTERPRISE_VERSION } : {};
    return answer(c, { verifiable_password_authentication: false, ...version });
  });
}

/** Newer versions of `gh` ask for it; from 3.18 on they search in a syntax that the forge does not know. */
const ENTERPRISE_VERSION = '3.17.0';

function rootShape(url: string) {
  const search = `${url}/search`;
  return {
    current_user_url: `${url}/user`,
    current_user_authorizations_html_url: `${url}/settings/connections/applications{/client_id}`,
    authorizations_url: `${url}/authorizations`,
    code_search_url: `${search}/code?q={query}{&page,per_page,sort,order}`,
    commit_search_url: `${search}/commits?q={query}{&page,per_page,sort,order}`,
    emails_url: `${url}/user/emails`,
    emojis_url: `${url}/emojis`,
    events_url: `${url}/events`,
    feeds_url: `${url}/feeds`,
    followers_url: `${url}/user/followers`,
    following_url: `${url}/user/following{/target}`,
    gists_url: `${url}/gists{/gist_id}`,
    issue_search_url: `${search}/issues?q={query}{&page,per_page,sort,order}`,
    issues_url: `${url}/issues`,
    keys_url: `${url}/user/keys`,
    label_search_url: `${search}/labels?q={query}&repository_id={repository_id}{&page,per_page}`,
    notifications_url: `${url}/notifications`,
    organization_url: `${url}/orgs/{org}`,
    organization_repositories_url: `${url}/orgs/{org}/repos{?type,page,per_page,sort}`,
    organization_teams_url: `${url}/orgs/{org}/teams`,
    public_gists_url: `${url}/gists/public`,
    rate_limit_url: `${url}/rate_limit`,
    repository_url: `${url}/repos/{owner}/{repo}`,
    repository_search_url: `${search}/repositories?q={query}{&page,per_page,sort,order}`,
    current_user_repositories_url: `${url}/user/repos{?type,page,per_page,sort}`,
    starred_url: `${url}/user/starred{/owner}{/repo}`,
    starred_gists_url: `${url}/gists/starred`,
    user_url: `${url}/users/{user}`,
    user_organizations_url: `${url}/user/orgs`,
    user_repositories_url: `${url}/users/{user}/repos{?type,page,per_page,sort}`,
    user_search_url: `${search}/users?q={query}{&page,per_page,sort,order}`,
  };
}
