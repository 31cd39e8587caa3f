import { execa } from 'execa';
import { HarnessError } from '../../errors.ts';

/**
 * The token for a GitHub API: HARNESS_TOKEN, GH_TOKEN, GITHUB_TOKEN (blank counts as none), then what `gh`
 * is logged in with on that host. Throws `not-logged-in`.
 */
export async function resolveToken(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly apiUrl: string;
}): Promise<string> {
  for (const name of ['HARNESS_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN']) {
    const token = options.env[name]?.trim() ?? '';
    if (token !== '') return token;
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
  if (token !== '') return token;
  throw new HarnessError('not-logged-in', `Not logged in to GitHub at ${host}.`, {
    fix: `Run \`gh auth login --hostname ${host}\`, or set GH_TOKEN to a token of this GitHub.`,
  });
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
