import { execa } from 'execa';
import { HarnessError } from '../../errors.ts';

interface TokenQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly apiUrl: string;
}

/**
 * The token for a GitHub API: HARNESS_TOKEN, GH_TOKEN, GITHUB_TOKEN (blank counts as none), then what `gh`
 * is logged in with on that host. Throws `not-logged-in`.
 */
export async function resolveToken(options: TokenQuestion): Promise<string> {
  return (await findToken(options)).token;
}

/** The same with where it was found: the name of a variable, or `gh`. Throws `not-logged-in`. */
export async function findToken(
  options: TokenQuestion,
): Promise<{ readonly token: string; readonly source: string }> {
  for (const source of ['HARNESS_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN']) {
    const token = options.env[source]?.trim() ?? '';
    if (token !== '') return { token, source };
  }
  const host = hostOfApi(options.apiUrl);
  const { stdout, failed } = await execa('gh', ['auth', 'token', '--hostname', host], {
    env: ghEnvironment(options.env),
    extendEnv: false,
    reject: false,
    timeout: 10_000,
    stdin: 'ignore',
  });
  const token = failed ? '' : stdout.trim();
  if (token !== '') return { token, source: 'gh' };
  throw new HarnessError('not-logged-in', `Not logged in to GitHub at ${host}.`, {
    fix: `Run \`gh auth login --hostname ${host}\`, or set GH_TOKEN to a token of this GitHub.`,
  });
}

const KINDS: Readonly<Record<string, string>> = {
  ghp_: 'classic personal access token',
  github_pat_: 'fine-grained personal access token',
  gho_: 'OAuth token',
  ghu_: 'token of a GitHub App for its user',
  ghs_: 'token of a GitHub App',
};

/** What kind of token it is by its prefix (GitHub docs, "GitHub's token formats"), for people. */
export function kindOfToken(token: string): string {
  const prefix = Object.keys(KINDS).find(known => token.startsWith(known));
  return prefix === undefined ? 'token of an unknown kind' : (KINDS[prefix] ?? '');
}

/** The host that people log in to: `github.com` for `https://api.github.com`. */
export function hostOfApi(apiUrl: string): string {
  const host = new URL(apiUrl).hostname;
  if (host === 'api.github.com') return 'github.com';
  // GitHub Enterprise Cloud with data residency serves its API at api.SUBDOMAIN.ghe.com.
  return host.endsWith('.ghe.com') ? host.replace(/^api\./, '') : host;
}

/** gh needs to find itself, its configuration and the keyring, and nothing else. */
function ghEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'GH_CONFIG_DIR',
    'XDG_CONFIG_HOME',
    'XDG_RUNTIME_DIR',
    'DBUS_SESSION_BUS_ADDRESS',
  ];
  const entries = names.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return Object.fromEntries([...entries, ['GH_PROMPT_DISABLED', '1']]);
}
