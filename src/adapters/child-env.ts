import type { Identity } from '../ports.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Builds the environment of every program that Harness starts: what any program needs, the variables that
 * HARNESS_PASS_ENV names (`pass`), then `extras`, which win. A GitHub token never passes, under whatever
 * name, nor does anything that tells a program that it runs inside another agent, tmux, git or Harness.
 */
export function childEnv(
  env: Environment,
  { pass, extras }: { pass: readonly string[]; extras: Readonly<Record<string, string>> },
): Record<string, string> {
  const tokens = TOKEN_NAMES.map(name => env[name] ?? '').filter(value => value !== '');
  const inherited = Object.entries(env).filter(
    ([name, value]) =>
      value !== undefined &&
      (isBasic(name) || (pass.includes(name) && mayPass(name))) &&
      !tokens.some(token => holds(value, token)),
  );
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...QUIET, ...extras };
}

/** A very short text, as somebody sets who tries the tool out, may be in anything: PATH would go with it. */
const holds = (value: string, token: string) => (token.length < 6 ? value === token : value.includes(token));

/** The names in a list such as HARNESS_PASS_ENV, separated by commas or blanks. */
export function parseNames(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(name => name !== '');
}

/** Whether HARNESS_PASS_ENV may name this variable. */
export function mayPass(name: string): boolean {
  return !FORBIDDEN.has(name) && !/^(GIT|HARNESS)_/.test(name);
}

/** The values of passed variables that logs must not have; saying where something is gives nothing away. */
export function secretsIn(env: Environment, pass: readonly string[]): readonly string[] {
  return pass.filter(name => !/_(URL|DIR|HOME|PATH)$/.test(name)).flatMap(name => env[name] ?? []);
}

/** Author and committer of whatever a child commits, as git reads them from its environment. */
export function identityEnv({ name, email }: Identity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** Variables that say where certificates are, which programs need behind an inspecting proxy. */
export const CERTIFICATES: readonly string[] = [
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'],
  // The one GIT_ variable that passes.
  'GIT_SSL_CAINFO',
];

const isBasic = (name: string) => BASIC.has(name) || name.startsWith('LC_');

const BASIC: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TERM', 'COLORTERM', 'TMPDIR', 'TZ'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...CERTIFICATES,
  // Not XDG_RUNTIME_DIR: the sockets of the user's keyring and agents are in there.
  ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'],
]);

/** Variables that hold a token for GitHub. */
export const TOKEN_NAMES: readonly string[] = [
  'GH_TOKEN',
  'GITHUB_TOKEN',
  'GH_ENTERPRISE_TOKEN',
  'GITHUB_ENTERPRISE_TOKEN',
  'HARNESS_TOKEN',
];

// Named one by one: CLAUDE_CODE_OAUTH_TOKEN shares the prefix, and an agent needs it.
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...TOKEN_NAMES,
  ...['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_CHILD_SESSION'],
  'CLAUDE_CODE_SSE_PORT',
  ...['TMUX', 'TMUX_PANE'],
]);

/**
 * Keeps git and gh from asking anybody or using the user's credentials. The empty helper empties git's
 * list of helpers, those for single hosts included (measured with git 2.39).
 */
const QUIET: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  GIT_EDITOR: 'true',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'credential.helper',
  GIT_CONFIG_VALUE_0: '',
  GIT_CONFIG_KEY_1: 'commit.gpgSign',
  GIT_CONFIG_VALUE_1: 'false',
  GCM_INTERACTIVE: 'never',
  GH_PROMPT_DISABLED: '1',
};
