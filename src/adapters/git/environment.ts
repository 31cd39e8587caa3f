import type { Credentials, GitOptions } from './options.ts';

/** A remote that a command talks to, and what it may say to prove who it is. */
export interface Access {
  readonly url: string;
  readonly credentials: Credentials | null;
}

/**
 * The whole environment of one git process. No configuration of the system or the user is read, nothing is
 * asked, and no hook, filter or monitor can run. The secret is a variable of this process alone, read by a
 * credential helper that answers only for the remote's own origin.
 */
export function environmentOf(
  options: Pick<GitOptions, 'env' | 'clonesDir'>,
  gitDir: string,
  access: Access | null,
): Record<string, string> {
  return {
    ...withoutGit(options.env),
    // The user's home has a .netrc, which libcurl would read.
    HOME: options.clonesDir,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    ...configVariables([...CONFIG, ...credentialConfig(access)]),
    ...secretVariables(access),
  };
}

const withoutGit = (env: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || name === 'GIT_SSL_CAINFO'),
  );

type ConfigEntry = readonly [key: string, value: string];

const CONFIG: readonly ConfigEntry[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  // Several processes share one clone: wait for a lock instead of failing at once, in milliseconds.
  ['core.filesRefLockTimeout', '2000'],
  ['core.packedRefsTimeout', '2000'],
  // Worktrees borrow objects that no ref of the clone may reach any more: nothing is ever pruned.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.file.allow', 'always'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '30'],
  ['init.defaultBranch', 'main'],
  ['transfer.fsckObjects', 'true'],
  // Old, harmless slips of other tools in the history of well-known repositories.
  ...[
    'badDate',
    'badDateOverflow',
    'badEmail',
    'badName',
    'badTimezone',
    'missingEmail',
    'missingNameBeforeEmail',
    'missingSpaceBeforeDate',
    'missingSpaceBeforeEmail',
    'zeroPaddedDate',
    'zeroPaddedFilemode',
  ].map(slip => [`fetch.fsck.${slip}`, 'ignore'] as const),
  ['credential.helper', ''],
];

const HELPER =
  '!answer() { test "$1" != get || printf \'username=%s\\npassword=%s\\n\' "$HARNESS_GIT_USERNAME" "$HARNESS_GIT_PASSWORD"; }; answer';

function credentialConfig(access: Access | null): readonly ConfigEntry[] {
  if (!access?.credentials) return [];
  return [[`credential.${new URL(access.url).origin}.helper`, HELPER]];
}

function secretVariables(access: Access | null): Record<string, string> {
  if (!access?.credentials) return {};
  const { username, password } = access.credentials;
  return { HARNESS_GIT_USERNAME: username, HARNESS_GIT_PASSWORD: password };
}

function configVariables(entries: readonly ConfigEntry[]): Record<string, string> {
  const variables = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(variables) };
}
