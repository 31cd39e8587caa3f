import { join } from 'node:path';

/**
 * An environment that shares nothing with the person's own fleets, tokens and git configuration. An agent of the
 * person's own keeps the home directory, where it is logged in, and what else is set for it.
 */
export function demoEnv(
  env: Readonly<Record<string, string | undefined>>,
  { root, token, isOwnAgent }: { root: string; token: string; isOwnAgent: boolean },
): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (isOwnAgent ? !FOREIGN.test(name) : USUAL.includes(name)) ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(kept),
    ...(isOwnAgent ? {} : { HOME: join(root, 'home') }),
    HARNESS_HOME: join(root, 'home', '.harness'),
    TMUX_TMPDIR: join(root, 'tmux'),
    HARNESS_TOKEN: token,
    HARNESS_BACKOFF: '1',
    // Its forge runs no workflows, and nobody is there to approve anything.
    HARNESS_CHECKS: 'off',
    HARNESS_UNVERIFIED: 'land',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

const USUAL: readonly string[] = ['PATH', 'LANG', 'TERM', 'HARNESS_DEBUG'];

/** What would lead the demo to another fleet, forge, tmux or git. */
const FOREIGN = /^(HARNESS_(?!DEBUG$|PASS_ENV$)|GIT_|GH_|GITHUB_|TMUX)/;
