/** A repository that a remote's address names, and the API of the GitHub that it is on. */
export interface RemoteRepository {
  /** `owner/name` */
  readonly repo: string;
  readonly apiUrl: string;
}

const GITHUB_API = 'https://api.github.com';
const OWNER_AND_NAME = /^\/*([A-Za-z0-9][\w-]*)\/(?!\.{1,2}(?:\.git)?\/?$)([\w.-]+?)(?:\.git)?\/?$/;

/**
 * The repository behind the address of a remote: https, ssh, git and `user@host:path` addresses of
 * github.com, of GitHub Enterprise, or of a GitHub on this machine. null for anything else, a local path say.
 */
export function parseRemote(address: string): RemoteRepository | null {
  const url = parseAddress(address.trim());
  const [, owner, name] = OWNER_AND_NAME.exec(url?.pathname ?? '') ?? [];
  if (url === null || owner === undefined || name === undefined) return null;
  return { repo: `${owner}/${name}`, apiUrl: apiOf(url) };
}

/** `owner/name` as a person writes it, or the address of the repository. */
export function parseRepository(text: string): RemoteRepository | null {
  return parseRemote(/^[^/:@]+\/[^/:@]+$/.test(text) ? `https://github.com/${text}` : text);
}

function parseAddress(address: string): URL | null {
  const [, host, path] = /^(?:[^@/:]+@)?([^@/:]{2,}):(?!\/\/)(.+)$/.exec(address) ?? [];
  const text = host === undefined ? address : `ssh://${host}/${path}`;
  try {
    const url = new URL(text);
    return ['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol) && url.hostname !== '' ? url : null;
  } catch {
    return null;
  }
}

function apiOf({ protocol, hostname, host }: URL): string {
  // `ssh.github.com` is GitHub's SSH over port 443; `github.com-work` is how people name a second SSH key.
  if (/^(?:(?:www|ssh)\.)?github\.com(?:-.*)?$/i.test(hostname)) return GITHUB_API;
  if (protocol === 'http:') return isLoopback(hostname) ? `http://${host}` : `http://${host}/api/v3`;
  return `https://${protocol === 'https:' ? host : hostname}/api/v3`;
}

const isLoopback = (hostname: string) => /^(?:127\.[\d.]+|\[::1\]|(?:.*\.)?localhost)$/i.test(hostname);
