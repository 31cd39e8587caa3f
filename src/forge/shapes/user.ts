import type { AccountRecord } from '../records.ts';
import type { View } from './view.ts';
import { nodeId } from './view.ts';

/** GitHub's `simple-user`. */
export function userShape(view: View, login: string) {
  return accountShape(view, view.accounts.named(login));
}

/** The same or null. */
export function userOrNull(view: View, login: string | null) {
  return login === null ? null : userShape(view, login);
}

/** GitHub's `private-user`, the answer to `GET /user`. */
export function privateUserShape(view: View, account: AccountRecord) {
  return {
    ...accountShape(view, account),
    name: account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'free', space: 976_562_499, collaborators: 0, private_repos: 10_000 },
  };
}

function accountShape(view: View, { id, login, type }: AccountRecord) {
  const url = `${view.url}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${view.url}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${view.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}
