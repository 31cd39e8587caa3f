/**
 * The address of a repository for git, without credentials, on the GitHub that an API address belongs to:
 * api.github.com has its repositories on github.com, an Enterprise Server under its host, and the embedded
 * forge beside its API.
 */
export function gitAddress(apiUrl: string, repo: string): string {
  const { protocol, host, pathname } = new URL(apiUrl);
  const web = host === 'api.github.com' ? 'github.com' : host;
  const prefix = pathname.replace(/\/api\/v3\/?$/, '').replace(/\/$/, '');
  return `${protocol}//${web}${prefix}/${repo}.git`;
}
