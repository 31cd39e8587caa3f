import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import type { Forge } from '../../src/forge/index.ts';
import { temporaryDirectory, USERS } from './a-forge.ts';

/** Why tests with the real GitHub CLI can't run; null when they can. */
export const NO_GH = execaSync('gh', ['--version'], { reject: false }).failed
  ? 'gh is not installed (Debian: apt-get install gh)'
  : null;

/** Runs `gh` as one of the users, in a directory; rejects when it fails. */
export type Gh = (args: readonly string[], where?: { readonly cwd: string }) => Promise<string>;

/** The real GitHub CLI with a configuration of its own. `environment` comes on top. */
export async function ghOf(
  forge: Forge,
  login = 'acme',
  environment: Readonly<Record<string, string>> = {},
): Promise<Gh> {
  const home = await temporaryDirectory();
  const user = USERS.find(candidate => candidate.login === login) ?? { login, token: 'unknown' };
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GH_NO_UPDATE_NOTIFIER: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    ...(await forge.connectGh({ dir: join(home, 'gh'), user })),
    ...environment,
  };
  return async (args, { cwd } = { cwd: home }) => {
    const { stdout } = await execa('gh', args, { cwd, env, extendEnv: false, stdin: 'ignore' });
    return stdout;
  };
}
